# The platform's team: approvals.
admin-waiting = Waiting for approval
admin-none = No restaurant is waiting.
admin-first = Back to the first
admin-more = More
admin-nothing = Nothing yet.
admin-approve = Approve
admin-approve-means = From then on guests can find and book it.
admin-approve-it = Approve it
admin-reject = Send back
admin-reason = What needs to change
admin-reason-hint = The restaurant reads this word for word.
admin-reject-it = Send it back
admin-whole-log = Full history
