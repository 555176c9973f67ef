# 운영팀: 식당 승인.
admin-waiting = 승인을 기다리는 식당
admin-none = 지금 기다리는 식당이 없습니다.
admin-first = 처음부터
admin-more = 더 보기
admin-nothing = 아직 없습니다.
admin-approve = 승인
admin-approve-means = 바로 손님들이 찾아 예약할 수 있게 됩니다.
admin-approve-it = 승인합니다
admin-reject = 보완 요청
admin-reason = 무엇을 보완해야 하나요
admin-reason-hint = 식당에 그대로 전해집니다.
admin-reject-it = 보완을 요청합니다
admin-whole-log = 전체 기록 보기
