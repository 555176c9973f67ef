# The platform's team: approvals.
admin-waiting = Restaurants that wait for approval
admin-none = None is waiting.
admin-first = From the first
admin-more = More
admin-nothing = Nothing yet.
admin-approve = Approve
admin-approve-means = From then on diners find it and book.
admin-approve-it = Approve it
admin-reject = Send back
admin-reason = What has to be mended
admin-reason-hint = The restaurant reads it as it is.
admin-reject-it = Send it back
admin-whole-log = The whole history
