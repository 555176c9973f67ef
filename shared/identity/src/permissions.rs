//! Who may do what: the one table. Every handler asks it through its [`Operation`]; ARCHITECTURE.md prints it; a test
//! walks every operation of the API as every kind of caller and compares.

use jari_domain::{PlatformRole, StaffRole};

/// Whom an operation lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Everybody.
    Anyone,
    /// Whoever the reservation is for: the holder of its private link, or the account whose reservation it is.
    Guest,
    /// Whoever has signed in; it concerns only what is theirs.
    SignedIn,
    /// The restaurant's staff, all of them.
    Host,
    /// The restaurant's managers and owners.
    Manager,
    /// The restaurant's owners.
    Owner,
    /// The platform's concierges, who help diners.
    Concierge,
    /// The platform's admins.
    Admin,
}

/// Writes the enum and its table from one list, which is the only way they can't differ.
macro_rules! operations {
    ($($name:ident $function:literal [$($who:ident),*];)*) => {
        /// Something that can be asked of the house over HTTP, named as its function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "named as the functions, each described in the API's document")]
        pub enum Operation { $($name,)* }

        impl Operation {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The function's name; also the `operationId` in the API's document.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $function,)* }
            }

            /// Whom it lets in.
            #[must_use]
            pub const fn admits(self) -> &'static [Who] {
                match self { $(Self::$name => &[$(Who::$who),*],)* }
            }
        }
    };
}

operations! {
    // The platform.
    GetHealth "get-health" [Anyone];
    GetOpenapi "get-openapi" [Anyone];
    // Restaurants, as diners see them.
    ListRestaurants "list-restaurants" [Anyone];
    GetRestaurant "get-restaurant" [Anyone];
    GetAvailability "get-availability" [Anyone];
    // Reservations.
    CreateReservation "create-reservation" [Anyone];
    ConfirmReservation "confirm-reservation" [Guest];
    GetReservation "get-reservation" [Guest, Host, Concierge];
    ChangeReservation "change-reservation" [Guest, Host, Concierge];
    CancelReservation "cancel-reservation" [Guest, Host, Concierge];
    ReconfirmReservation "reconfirm-reservation" [Guest];
    AcceptReservation "accept-reservation" [Host];
    DeclineReservation "decline-reservation" [Host];
    SeatReservation "seat-reservation" [Host];
    CompleteReservation "complete-reservation" [Host];
    NoShowReservation "no-show-reservation" [Host];
    UndoReservation "undo-reservation" [Host];
    SwapTables "swap-tables" [Host];
    // The day sheet.
    GetDaySheet "get-day-sheet" [Host];
    PutDayNote "put-day-note" [Host];
    CloseDay "close-day" [Manager];
    OpenDay "open-day" [Manager];
    ListBarredGuests "list-barred-guests" [Host];
    LiftBar "lift-bar" [Host];
    // A restaurant's own parts.
    CreateRestaurant "create-restaurant" [SignedIn];
    ListMyRestaurants "list-my-restaurants" [SignedIn];
    GetProfile "get-profile" [Host, Admin];
    UpdateRestaurant "update-restaurant" [Manager];
    GetMenu "get-menu" [Host, Admin];
    PutMenu "put-menu" [Manager];
    GetFloor "get-floor" [Host, Admin];
    PutFloor "put-floor" [Manager];
    GetSchedule "get-schedule" [Host, Admin];
    PutSchedule "put-schedule" [Manager];
    GetPolicy "get-policy" [Host, Admin];
    PutPolicy "put-policy" [Manager];
    SubmitRestaurant "submit-restaurant" [Owner];
    CloseRestaurant "close-restaurant" [Owner, Admin];
    ListStaff "list-staff" [Manager, Admin];
    AddStaff "add-staff" [Owner];
    RemoveStaff "remove-staff" [Owner];
    ListAuditLog "list-audit-log" [Owner, Admin];
    // Approval.
    ListSubmittedRestaurants "list-submitted-restaurants" [Admin];
    ApproveRestaurant "approve-restaurant" [Admin];
    RejectRestaurant "reject-restaurant" [Admin];
    // Accounts.
    SignUp "sign-up" [Anyone];
    VerifyEmail "verify-email" [Anyone];
    SignIn "sign-in" [Anyone];
    RefreshSession "refresh-session" [Anyone];
    SignOut "sign-out" [SignedIn];
    SignOutEverywhere "sign-out-everywhere" [SignedIn];
    RequestPasswordReset "request-password-reset" [Anyone];
    ResetPassword "reset-password" [Anyone];
    ListSignInProviders "list-sign-in-providers" [Anyone];
    StartSocialSignIn "start-social-sign-in" [Anyone];
    FinishSocialSignIn "finish-social-sign-in" [Anyone];
    // One's own.
    ListMyReservations "list-my-reservations" [SignedIn];
    GetMe "get-me" [SignedIn];
    UpdateMe "update-me" [SignedIn];
    DeleteMe "delete-me" [SignedIn];
    ExportMe "export-me" [SignedIn];
}

impl Operation {
    /// Whether it lets in a restaurant's staff of this role.
    #[must_use]
    pub fn admits_staff(self, role: StaffRole) -> bool {
        self.admits().iter().any(|who| match who {
            Who::Anyone | Who::Host => true,
            Who::Manager => role >= StaffRole::Manager,
            Who::Owner => role >= StaffRole::Owner,
            Who::Guest | Who::SignedIn | Who::Concierge | Who::Admin => false,
        })
    }

    /// Whether it lets in whoever is this on the platform, at any restaurant.
    #[must_use]
    pub fn admits_platform(self, role: PlatformRole) -> bool {
        self.admits().iter().any(|who| match who {
            Who::Anyone => true,
            Who::Concierge => role == PlatformRole::Concierge,
            Who::Admin => role == PlatformRole::Admin,
            Who::Guest | Who::SignedIn | Who::Host | Who::Manager | Who::Owner => false,
        })
    }

    /// Whether it lets in whoever the reservation is for.
    #[must_use]
    pub fn admits_guest(self) -> bool {
        self.admits().iter().any(|who| matches!(who, Who::Anyone | Who::Guest))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_operation_has_a_name_of_its_own_and_lets_somebody_in() {
        let names: HashSet<_> = Operation::ALL.iter().map(|operation| operation.name()).collect();
        assert_eq!(names.len(), Operation::ALL.len());
        assert!(Operation::ALL.iter().all(|operation| !operation.admits().is_empty()));
    }

    #[test]
    fn a_higher_role_may_do_all_that_a_lower_one_may() {
        for operation in Operation::ALL {
            let allowed = StaffRole::ALL.map(|role| operation.admits_staff(role));
            assert!(allowed.is_sorted(), "{operation:?}: {allowed:?}");
        }
    }

    #[test]
    fn only_an_owner_hires_and_only_an_admin_approves() {
        let staff = StaffRole::ALL.map(|role| Operation::AddStaff.admits_staff(role));
        assert_eq!(staff, [false, false, true]);
        assert!(StaffRole::ALL.iter().all(|role| !Operation::ApproveRestaurant.admits_staff(*role)));
        assert!(Operation::ApproveRestaurant.admits_platform(PlatformRole::Admin));
        assert!(!Operation::ApproveRestaurant.admits_platform(PlatformRole::Concierge));
    }
}
