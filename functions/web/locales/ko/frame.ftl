# 모든 페이지에 있는 것.
frame-brand = 자리
frame-title = 자리 · 식당 예약
frame-skip = 본문 바로가기
frame-navigation = 주요 메뉴
frame-search = 식당 찾기
frame-my-reservations = 내 예약
frame-sign-in = 로그인
frame-sign-out = 로그아웃
frame-my-account = 내 정보
frame-office = 식당 관리
frame-admin = 운영 관리
frame-api = 개발자용 API
frame-check-form = { $count ->
    [1] 아래 한 곳을 확인해 주세요
   *[other] 아래 { $count }곳을 확인해 주세요
}
frame-phone-fault = 전화번호를 다시 확인해 주세요. 해외 번호는 +44처럼 국가 번호부터 적어 주세요.
