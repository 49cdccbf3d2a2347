//! The kinds of problems there are; their addresses are promises.

use http::StatusCode;

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $status:ident, $slug:literal, $title:literal, $words:literal;)+) => {
        /// A kind of problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $(#[doc = $words] $kind),+ }

        impl Kind {
            /// Every kind there is.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its name in addresses.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$kind => $slug),+ }
            }

            /// Its HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }

            /// It in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// It in a sentence, for a person, when nothing more precise is known.
            #[must_use]
            pub const fn words(self) -> &'static str {
                match self { $(Self::$kind => $words),+ }
            }
        }
    };
}

kinds! {
    TableTaken = CONFLICT, "table-taken", "This table is taken", "Every table that fits is taken or on hold at that time.";
    KitchenFull = CONFLICT, "kitchen-full", "The kitchen is full", "As many guests start at that time as the kitchen takes.";
    NotOnOffer = CONFLICT, "not-on-offer", "This time cannot be booked", "The venue does not offer this time to this party online.";
    OverlappingBooking = CONFLICT, "overlapping-booking", "There is another booking", "The same guest has a booking within two hours of this one.";
    HoldExpired = CONFLICT, "hold-expired", "The hold has run out", "The table was held for a while; choose a time again.";
    HoldMismatch = CONFLICT, "hold-mismatch", "The hold is for something else", "A booking must name the venue, start, party and area of its hold.";
    HoldAtLimit = CONFLICT, "hold-at-limit", "The hold cannot be extended", "A table can be held for at most 15 minutes.";
    StaleRevision = CONFLICT, "stale-revision", "It was changed in the meantime", "Read it again and repeat with its present revision.";
    TooLate = CONFLICT, "too-late", "It is too late for this", "Once its start has come, a booking cannot be changed online.";
    NotNow = CONFLICT, "not-now", "The booking does not allow this now", "The booking is over or under way.";
    LastOwner = CONFLICT, "last-owner", "A venue needs an owner", "Make somebody else its owner first.";
    NoVisit = CONFLICT, "no-visit", "There is no visit to write about", "A visit can be written about once it is over and for 90 days, by whoever booked it.";
    AlreadyReviewed = CONFLICT, "already-reviewed", "There is a review of this visit", "Each visit is written about once. Change what is written, or delete it.";
    ReviewSettled = CONFLICT, "review-settled", "The review cannot be changed any more", "A review can be changed, or written anew, for 14 days after its visit was first written about, and deleted at any time.";
    InvalidInput = UNPROCESSABLE_ENTITY, "invalid-input", "The input breaks rules", "Each field that is wrong is named, with the rule it breaks.";
    KeyReused = UNPROCESSABLE_ENTITY, "key-reused", "This key was used before", "This idempotency key was used for another request. Take a new one.";
    Malformed = BAD_REQUEST, "malformed", "The request cannot be read", "The request is not well-formed.";
    NotJson = UNSUPPORTED_MEDIA_TYPE, "not-json", "Send JSON", "The body must be JSON, announced by Content-Type: application/json.";
    TooLarge = PAYLOAD_TOO_LARGE, "too-large", "The request is too large", "The body is larger than anything this server expects.";
    HeadTooLarge = REQUEST_HEADER_FIELDS_TOO_LARGE, "head-too-large", "The head of the request is too large", "The request has more header lines than anything this server expects.";
    TooSlow = REQUEST_TIMEOUT, "too-slow", "The request took too long to arrive", "The body did not arrive in time. Send it again.";
    NotFound = NOT_FOUND, "not-found", "There is nothing here", "There is nothing here, or it is not for you.";
    WrongMethod = METHOD_NOT_ALLOWED, "wrong-method", "This method is not known here", "The header Allow names the methods that are.";
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "Please identify yourself", "Give the booking's manage token in the header X-Manage-Token, or sign in as whoever it belongs to.";
    SignedOut = UNAUTHORIZED, "signed-out", "Please sign in first", "Send an access token that is good, as Authorization: Bearer or in the cookies of a session.";
    SignInFailed = UNAUTHORIZED, "sign-in-failed", "This does not let you in", "This email address and this password do not match, or the address is not confirmed yet.";
    Forbidden = FORBIDDEN, "forbidden", "You are not allowed to do this", "You are known, but may not do this.";
    CrossSite = FORBIDDEN, "cross-site", "This came from another site", "Browsers may change things here only from our own pages.";
    TooManyRequests = TOO_MANY_REQUESTS, "too-many-requests", "Too many requests", "That was a lot at once. Wait a moment, then go on.";
    Unavailable = SERVICE_UNAVAILABLE, "unavailable", "Not right now", "Something we depend on is away or busy. Try again in a moment.";
    TimedOut = SERVICE_UNAVAILABLE, "timed-out", "This took too long", "The request took longer than we let requests take. Try again in a moment.";
    Internal = INTERNAL_SERVER_ERROR, "internal", "We made a mistake", "The fault is ours, and it is in our logs.";
}

impl Kind {
    /// Where it can be read about.
    #[must_use]
    pub fn address(self) -> String {
        format!("/problems/{}", self.slug())
    }

    /// The kind of this name.
    #[must_use]
    pub fn find(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == slug)
    }
}
