# What every page has.
frame-brand = Jari
frame-title = Jari · restaurant reservations
frame-skip = Skip to content
frame-navigation = Main menu
frame-search = Find a table
frame-my-reservations = My reservations
frame-sign-in = Sign in
frame-sign-out = Sign out
frame-my-account = My account
frame-office = For restaurants
frame-admin = Platform
frame-api = API for developers
frame-check-form = { $count ->
    [one] Please check one thing below
   *[other] Please check { $count } things below
}
frame-phone-fault = Please check the phone number. Unless it is Korean, it begins with its country code: +44 20 7946 0958
