# Set-up of a restaurant.
office-home = Your restaurants
office-pages = Pages of this restaurant
office-overview = Overview
office-tonight = Tonight
office-profile = Profile
office-menu = Menu
office-floor = Tables
office-schedule = Hours
office-policy = Booking rules
office-closures = Days off
office-staff = Staff
office-audit-log = History
office-set-up = Set up
office-register = Register a restaurant
office-none = You don’t work at a restaurant here yet.
office-none-advice = Register yours, or ask the owner to add you to the staff by the e-mail address you signed up with.
office-register-lead = The basics first. Tables and hours can follow once it is registered.
office-begin = Register and set it up
office-abroad = Not in Korea?
office-too-many-drafts = At most { $most } of your restaurants can wait for approval at a time.
office-registered-already = This restaurant is already registered. You will find it among your restaurants.

office-status-draft = Being set up
office-status-submitted = Waiting for approval
office-status-approved = Taking bookings
office-status-rejected = Sent back
office-status-closed = Closed for good
office-role-host = Host
office-role-manager = Manager
office-role-owner = Owner
office-role-admin = Jari’s team
office-role-concierge = Jari’s concierge

office-save = Save
office-saved = Saved.
office-not-saved-yet = Not saved yet. Have a look, then press Save.
office-behind = Somebody else has saved meanwhile. What you typed is still here. Look at what is saved now; if you still want yours, press Save once more.
office-as-it-is = What is saved now
office-only-look = You can only look at this. A manager or an owner can change it.
office-remove = Remove
office-edit = Edit
office-up = { $what }: up
office-down = { $what }: down
office-reason = Reason
office-reason-hint = Optional.
office-in-korean = Korean
office-in-english = English
office-date = Date

office-stranded = { $count ->
    [one] One reservation no longer fits
   *[other] { $count } reservations no longer fit
  }
office-stranded-advice = They stand as they are. Please call the guests and find another time or table.
office-table-gone = Its table is gone
office-table-too-small = Its table no longer seats so many
office-not-joined = Its tables are no longer joined
office-area-gone = The area they asked for is gone
office-outside-hours = You are no longer open at that time
office-party-too-large = Larger than what can be booked online
office-never-online = { $tables }: can’t be booked online, where parties have at most { $largest } people and may leave at most { $spare } seats empty. If you didn’t mean that, check its seats or your booking rules.

office-draft-lead = Fill in what is needed and ask for approval. We will have a look and open it for bookings.
office-submitted-lead = Waiting for approval. You will hear from us by mail, and can go on editing meanwhile.
office-rejected-lead = Please change the following, then ask again.
office-rejected-because = To be changed: { $reason }
office-approved-lead = Diners can find this restaurant and book.
office-closed-lead = This restaurant is closed for good and takes no bookings.
office-to-tonight = Open tonight
office-public-page = What diners see
office-needs = Needed before you can ask for approval
office-needs-name = A name
office-needs-address = An address
office-needs-table = At least one table
office-needs-shift = At least one shift
office-needs-currency = Menu prices in your own currency
office-met = Done
office-missing = Missing
office-menu-helps = A menu and a description are not required, but help diners choose.
office-submit-later = Once all of it is there, you can ask for approval here.
office-ready = All set
office-submit-means = We will have a look and answer by mail.
office-submit = Ask for approval
office-to-set-up = Go to
office-incomplete = Something is still missing.
office-wrong-stage = That is no longer possible: the restaurant’s status has changed meanwhile. This is how it stands.
office-looked-otherwise = The restaurant has changed meanwhile. Please look again, then press once more.
office-close = Close for good
office-close-means = It will not be found or booked any more, and this can’t be undone. Reservations stay: cancel those you can’t keep.
office-close-for-good = Yes, close it for good
office-give-up = Give this restaurant up
office-give-up-means = It will not open here, and this can’t be undone.
office-give-up-for-good = Yes, give it up

office-name = Name
office-address = Address
office-phone = Phone
office-phone-hint = For guests to call, such as +82 2-123-4567
office-email = E-mail for notices
office-email-hint = New, changed and cancelled reservations are mailed here.
office-location = Location
office-location-hint = Press and hold your restaurant on a map to see its latitude and longitude, such as 37.5446, 127.0557
office-latitude = Latitude
office-longitude = Longitude
office-area = Neighbourhood
office-no-area = Not given
office-cuisines = Cuisines
office-price-band = Prices
office-price-1 = Inexpensive
office-price-2 = Moderate
office-price-3 = Expensive
office-price-4 = Very expensive
office-description = Description
office-time-zone = Time zone
office-time-zone-hint = Korea’s, if left empty.
office-currency = Currency
office-currency-hint = Won (KRW), if left empty.
office-settled-later = Can’t be changed once you have asked for approval.

office-parties = { $least }–{ $most } people
office-online = Online
office-in-house = By phone
office-walk-in = Walk-in
office-nobody-books = not booked
office-areas = Areas
office-areas-hint = Parts of the house that guests can choose: hall, room, terrace.
office-area-number = Area { $number }
office-add-area = Add an area
office-no-such-area = An area that is gone
office-tables = Tables
office-tables-hint = A table is not given to parties smaller than its smallest. Who may book it is set table by table.
office-table-number = Table { $number }
office-table-name = Name or number
office-table-area = Area
office-min-party = Smallest party
office-max-seats = Largest party
office-add-table = Add a table
office-add-tables = Add 5 tables
office-combinations = Tables to join
office-combinations-hint = Tables you can push together for larger parties: 2 to 6 of them.
office-combination-number = Combination { $number }
office-member = Table no. { $number }
office-add-combination = Add a combination

office-monday = Mon
office-tuesday = Tue
office-wednesday = Wed
office-thursday = Thu
office-friday = Fri
office-saturday = Sat
office-sunday = Sun
office-hours = { $opens }–{ $closes } (last seating { $last })
office-every = Every { $minutes } minutes
office-stay-of = up to { $size }: { $stay }
office-stay-of-more = larger: { $stay }
office-paced = At most { $covers } arrive in a quarter hour
office-closed-that-day = Closed
office-weekly = Every week
office-weekly-hint = A shift may run past midnight: times before 05:00 belong to the evening before.
office-shift-number = Shift { $number }
office-on-days = Days
office-shift-in-korean = Name of the shift (Korean)
office-shift-in-english = Name of the shift (English)
office-opens = First seating
office-last-seating = Last seating
office-closing = Closes
office-step = A time every
office-pace = Arrivals in a quarter hour
office-pace-hint = As many as your kitchen can take. Leave empty for no limit.
office-turn-times = How long parties stay
office-turn-times-hint = In quarter hours, up to 8 hours. The last line also holds for larger parties. Empty lines are ignored.
office-up-to = Parties up to
office-stay-minutes = Stay (minutes)
office-add-lunch = Add lunch
office-add-dinner = Add dinner
office-special-days = Special days
office-special-days-hint = On these dates only the shifts here apply, not the weekly ones. With none, you are closed.
office-special-number = Special day { $number }
office-day-in-korean = Name of the day (Korean)
office-day-in-english = Name of the day (English)
office-add-special = Add a special day
office-look-first = Preview the times
office-preview = These times will open
office-preview-hint = Not saved yet. Guests see those that still have a table.

office-menu-empty = There is no menu yet. Start with a section.
office-section-empty = Still empty.
office-add-section = Add a section
office-edit-section = Edit a section
office-remove-section = Yes, remove the section
office-remove-section-means = Its dishes go with it.
office-whole-menu = The whole menu
office-section-name = Name of the section
office-dishes = Dishes and drinks
office-dishes-hint = Prices are in { $currency }. Empty entries are not saved.
office-dish-number = Entry { $number }
office-dish-in-korean = Name (Korean)
office-dish-in-english = Name (English)
office-price = Price
office-dish-more = Description and picture
office-about-in-korean = Description (Korean)
office-about-in-english = Description (English)
office-picture = Picture address
office-picture-hint = Begins with https://
office-add-dish = Add an entry
office-menu-behind = The menu has changed meanwhile, so nothing was done. Please look at it as it is now and try again.
office-section-behind = Somebody else has changed the menu meanwhile. What you typed is still here. Look at what there is now; if you still want yours, press Save once more. If sections have moved, open it again from the whole menu.

office-until-the-time = until the time itself
office-before = until { $time } before
office-minutes = { $minutes ->
    [one] 1 minute
   *[other] { $minutes } minutes
  }
office-days = { $days ->
    [one] 1 day
   *[other] { $days } days
  }
office-people = { $people ->
    [one] 1 person
   *[other] { $people } people
  }
office-seats = { $seats ->
    [one] 1 seat
   *[other] { $seats } seats
  }
office-window = How many days ahead can guests book?
office-window-hint = 1 to 365. With 30, the last day is 30 days from today.
office-cutoff = How many minutes before does online booking end?
office-cutoff-hint = 0 to 10080. With 60, it ends an hour before the time.
office-max-party = Largest party online
office-max-party-hint = 1 to 20. Larger ones are asked to call.
office-confirmation = Confirmation
office-confirmation-hint = If you confirm each one yourself, you have 24 hours; after that it is declined.
office-instant = Immediate
office-request = After you have confirmed it
office-change-until = Until how many minutes before may guests change or cancel?
office-change-until-hint = 0 to 10080. With 120, until two hours before the time.
office-late-after = After how many minutes is a guest late?
office-late-after-hint = 0 to 120, counted from the time of the reservation.
office-hold = How many minutes is a table held?
office-hold-hint = 1 to 15. Nobody else can take it while a guest fills in their details.
office-oversize = How many seats may stay empty?
office-oversize-hint = 0 to 20. With 2, a party of two gets a table of four at most.

office-closures-lead = On a day off nobody can book. Reservations that are there stay: please call those guests.
office-look-at-day = Look at this day
office-day-closed = Closed
office-day-open = Open
office-nobody-stands = Nobody has booked that day.
office-who-stands = { $count ->
    [one] One reservation stands
   *[other] { $count } reservations stand
  }
office-stands-advice = If you close, these guests have to be called.
office-closure-reason = Why you close
office-close-day = Close this day
office-open-day = Open it again
office-day-not-planned = Only days from today on, within a year, can be planned.
office-day-behind = Somebody else has changed this day meanwhile. Please look again, then press once more.

office-host-may = Sees tonight and receives guests.
office-manager-may = Also changes profile, menu, tables, hours, rules and days off.
office-owner-may = Also looks after the staff, asks for approval and closes the restaurant.
office-you = you
office-since = since { $day }
office-role = Role
office-change-member = Change role or remove
office-change-role = Change role
office-dismiss = Remove from the staff
office-hire = Add to the staff
office-their-email = E-mail
office-their-email-hint = The address they signed up with.
office-no-account = Nobody has signed up with this address yet. Please ask them to do so first.
office-no-member = They do not work here any more.
office-hired-too-often = People were added too often. Please try again in an hour.
office-last-owner = One owner has to stay. Make somebody else an owner first.
office-staff-full = At most { $most } people can work at a restaurant.
office-staff-behind = The staff has changed meanwhile. Please look again, then try once more.

office-log-empty = Nothing yet.
office-newest = Newest
office-older = Older
office-name-and-role = { $name } ({ $role })
office-because = Reason: { $reason }
office-changes = { $count ->
    [one] What changed
   *[other] What changed ({ $count })
  }
office-did-create = Registered the restaurant
office-did-update = Changed the profile
office-did-menu = Changed the menu
office-did-floor = Changed the tables
office-did-schedule = Changed the hours
office-did-policy = Changed the booking rules
office-did-submit = Asked for approval
office-did-approve = Approved it
office-did-reject = Sent it back
office-did-close = Closed it for good
office-did-hire = Added to the staff, or changed a role
office-did-dismiss = Removed somebody from the staff
office-did-close-day = Closed a day
office-did-open-day = Opened a day again
office-did-note = Changed a day’s note
office-did-lift-bar = Lifted a bar
