# The page that an evening is run with.
tonight-days = Other days
tonight-day-before = Day before
tonight-day-after = Day after
tonight-today = Today
tonight-pick-day = Pick a day
tonight-go = Go
tonight-timeline = Timeline
tonight-list = List
tonight-print = Print
tonight-counts = { $reservations ->
    [one] 1 reservation
   *[other] { $reservations } reservations
} · { $covers ->
    [one] 1 cover
   *[other] { $covers } covers
}
tonight-closed = This day is closed.
tonight-close-day = Close this day
tonight-close-day-means = No more bookings are taken then. Existing ones stay: please call those guests.
tonight-open-day = Open again
tonight-open-day-means = Bookings are taken again from then on.
tonight-note = Note for the day
tonight-write-note = Write a note
tonight-note-hint = Everybody working that day sees it. Leave it empty to remove it.
tonight-no-shift = Closed that day, and nobody is booked.
tonight-nobody = No reservations yet.
tonight-oclock = :00
tonight-seats = seats { $seats }
tonight-covers = Arriving
tonight-waiting = Needs you
tonight-gone-tables = No longer on the floor
tonight-gone-table = gone
tonight-no-table = no table
tonight-time = Time
tonight-guest = Guest
tonight-party-and-table = Party, table
tonight-status = Status
tonight-party = { $count ->
    [one] 1 guest
   *[other] { $count } guests
}
tonight-held = Held
tonight-held-by-somebody = Being booked online
tonight-requested = Request
tonight-confirmed = Expected
tonight-seated = Seated
tonight-completed = Finished
tonight-no-show = No-show
tonight-cancelled = Cancelled
tonight-declined = Declined
tonight-expired = Ended
tonight-walk-in = Walk-in
tonight-phone-booking = Phone booking
tonight-by-diner = Online
tonight-by-phone = Phone
tonight-nameless = No name
tonight-late = Late
tonight-no-shows = { $count ->
    [one] 1 no-show
   *[other] { $count } no-shows
}
tonight-mail-stopped = No mail gets through: please call
tonight-visits = { $count ->
    [one] 1 visit
   *[other] { $count } visits
}
tonight-reconfirmed = Said they are coming
tonight-has-note = Has a note
tonight-misfit-closed = Day is closed
tonight-misfit-table-gone = Table is gone
tonight-misfit-table-too-small = Too few seats
tonight-misfit-not-joined = Tables can’t be joined
tonight-misfit-area-gone = Other area
tonight-misfit-outside-hours = Outside hours
tonight-misfit-party-too-large = Over the online limit
tonight-accept = Accept
tonight-decline = Decline
tonight-seat = Seat
tonight-complete = Finished
tonight-undo = Undo
tonight-cancel = Cancel the reservation
tonight-no-show-from = Can be marked as a no-show from { $time }.
tonight-move = Table and time
tonight-move-on-timeline = Move on the timeline
tonight-change = Party and note
tonight-swap = Swap
tonight-swap-with = Swap tables with
tonight-save = Save
tonight-close = Close
tonight-phone = Phone
tonight-email = E-mail
tonight-email-hint = If given, a confirmation is mailed.
tonight-note-of-guest = Note
tonight-until = Answer by
tonight-reason = Reason
tonight-reason-hint = Goes into the mail to the guest.
tonight-channel = Booked
tonight-ends = Until
tonight-at = table { $tables }
tonight-table = Table
tonight-tables = Tables
tonight-taken-then = taken then
tonight-party-size = How many
tonight-larger = Larger party
tonight-name = Name
tonight-name-if-known = Name (optional)
tonight-more = More details
tonight-none = none free
tonight-best-table = Best free table
tonight-taken-now = taken
tonight-free-until = free until { $time }
tonight-now = Now ({ $time })
tonight-book = Book
tonight-stale = It has changed meanwhile, so nothing was done. This is how it stands now.
tonight-wrong-status = Nothing was done: it is “{ $status }” now.
tonight-taken = Taken at that time: { $tables }.
tonight-full = No fitting table is free at that time.
tonight-free = Free: { $tables }
tonight-none-free = No other table for that many is free then.
tonight-diner-busy = This guest has another reservation at that time.
tonight-sent-already = That form was already sent. Please check it and send it again.
tonight-closed-to-bookings = The day is closed: no bookings are taken.
tonight-party-too-large = No table seats that many. Please choose tables by hand.
tonight-no-table-for-it = No table can be given for this. Please choose tables by hand.
tonight-no-such-tables = Please choose 1 to 6 tables.
tonight-no-such-area = There is no such area.
tonight-bad-stay = A stay is in quarter hours within the service day, at most 8 hours, and not over yet.
tonight-nothing-to-swap = You can only swap with another reservation of the same day.
tonight-guests-own = The details of a guest who booked online can’t be changed.
tonight-not-before = Possible from { $time }.
tonight-only-until = It could be undone until { $time }.
tonight-another-day = It could be undone until the service day ended.
tonight-not-planned = That day can’t be changed.
tonight-day-stale = It has changed meanwhile, so nothing was saved. Please check, and press once more.
tonight-offline = No connection. This is what was last received; it refreshes by itself once you are back.
tonight-failed = That was not done. Please check the connection and try again.
tonight-done = Saved.
tonight-moving = Moving { $name }: { $table }, { $time }. Choose with the arrow keys or a tap, place with Enter or “Place here”.
tonight-target = { $table }, { $time }
tonight-left-as-it-was = Not moved.
tonight-place = Place here
tonight-leave = Cancel
tonight-keys = Drag a reservation to move it, or focus one, press M and use the arrow keys.
