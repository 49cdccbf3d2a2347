//! Signed links: each opens one thing, for one purpose, and only its hash is stored.

use std::time::Duration;

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Error, Result};

/// What a token is for; a token for one is nothing to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To see and change one booking.
    Manage,
    /// To keep one table for a few minutes.
    Hold,
    /// To show that somebody reads mail at an address.
    Confirm,
    /// To choose a new password.
    Reset,
}

impl Purpose {
    const fn audience(self) -> &'static str {
        match self {
            Self::Manage => "trestle:manage",
            Self::Hold => "trestle:hold",
            Self::Confirm => "trestle:confirm",
            Self::Reset => "trestle:reset",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: Uuid,
}

/// Whose session an access token is of, and until when: RFC 9068 without what nobody here reads.
#[derive(Serialize, Deserialize)]
pub struct Access {
    aud: String,
    /// The account.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    iat: i64,
    exp: i64,
}

const ACCESS_AUDIENCE: &str = "trestle:api";

/// The type that tells access tokens from all others (RFC 9068 section 2.1).
const ACCESS_TYPE: &str = "at+jwt";

/// Signs and reads tokens (JWT, RFC 7519, HS256 only).
pub struct Tokens {
    sign: EncodingKey,
    read: DecodingKey,
}

impl Tokens {
    pub fn new(secret: &SecretString) -> Result<Self> {
        let secret = secret.expose_secret().as_bytes();
        if secret.len() < 32 {
            return Err(Error::Broken("The secret that signs links needs at least 32 characters.".to_owned()));
        }
        Ok(Self { sign: EncodingKey::from_secret(secret), read: DecodingKey::from_secret(secret) })
    }

    /// The token of a thing: always the same, so that a repeated request gets the link it got first.
    pub fn sign(&self, purpose: Purpose, id: Uuid) -> String {
        let claims = Claims { aud: purpose.audience().to_owned(), sub: id };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.sign)
            .expect("a uuid and a word can be signed with HMAC")
    }

    /// What the token opens.
    ///
    /// # Errors
    /// `NotFound` for anything that we did not sign for this purpose.
    pub fn read(&self, purpose: Purpose, token: &str) -> Result<Uuid> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[purpose.audience()]);
        // Links live as long as their booking, holds as long as their claim: the database knows, not the token.
        rules.validate_exp = false;
        rules.set_required_spec_claims(&["aud", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &self.read, &rules).map_err(|_| Error::NotFound)?;
        Ok(claims.claims.sub)
    }

    /// An access token for a session, good for so long.
    pub fn sign_access(&self, account: Uuid, session: Uuid, now: DateTime<Utc>, lasts: Duration) -> String {
        let (iat, lasts) = (now.timestamp(), i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX));
        let claims =
            Access { aud: ACCESS_AUDIENCE.to_owned(), sub: account, sid: session, iat, exp: iat.saturating_add(lasts) };
        let header = Header { typ: Some(ACCESS_TYPE.to_owned()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &self.sign).expect("uuids, numbers and a word can be signed with HMAC")
    }

    /// What an access token says, while it is good.
    ///
    /// # Errors
    /// `Unauthenticated` for anything that we did not sign for this purpose, or that has expired.
    pub fn read_access(&self, token: &str, now: DateTime<Utc>) -> Result<Access> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_audience(&[ACCESS_AUDIENCE]);
        rules.set_required_spec_claims(&["aud", "sub", "exp"]);
        // By our own clock, below.
        rules.validate_exp = false;
        let read = jsonwebtoken::decode::<Access>(token, &self.read, &rules).map_err(|_| Error::Unauthenticated)?;
        let is_good = read.header.typ.as_deref() == Some(ACCESS_TYPE) && now.timestamp() < read.claims.exp;
        if is_good { Ok(read.claims) } else { Err(Error::Unauthenticated) }
    }

    /// What only we can make of these words: HMAC-SHA-256 in base64url. No JWT begins like what is signed here.
    pub fn seal(&self, purpose: &str, words: &[u8]) -> String {
        let message = [b"trestle:", purpose.as_bytes(), b":", words].concat();
        jsonwebtoken::crypto::sign(&message, &self.sign, Algorithm::HS256).expect("any bytes can be signed with HMAC")
    }
}

/// Whether this looks like a secret of ours, such as a refresh token: 256 bits in base64url.
pub fn looks_secret(token: &str) -> bool {
    token.len() == 43 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// What is stored of a token.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(&"0123456789abcdef0123456789abcdef".into()).unwrap()
    }

    #[test]
    fn a_token_opens_one_thing_for_one_purpose() {
        let id = Uuid::from_u128(7);
        let token = tokens().sign(Purpose::Manage, id);
        assert_eq!(tokens().read(Purpose::Manage, &token).unwrap(), id);
        assert!(matches!(tokens().read(Purpose::Hold, &token), Err(Error::NotFound)));
    }

    #[test]
    fn tampered_unsigned_and_foreign_tokens_open_nothing() {
        let token = tokens().sign(Purpose::Manage, Uuid::from_u128(7));
        let other = Tokens::new(&"another secret of thirty-two chars".into()).unwrap();
        let unsigned = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJ0cmVzdGxlOm1hbmFnZSIsInN1YiI6IjAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAwMDAwMDAwMDAwNyJ9.";
        for wrong in [&token[..token.len() - 2], unsigned, "", "a.b.c", &token.replace('.', "")] {
            assert!(tokens().read(Purpose::Manage, wrong).is_err(), "{wrong}");
        }
        assert!(other.read(Purpose::Manage, &token).is_err());
    }

    #[test]
    fn an_access_token_is_good_for_its_time_and_no_other_token_is_one() {
        let (now, lasts) = (DateTime::from_timestamp(2_000_000_000, 0).unwrap(), Duration::from_mins(10));
        let (account, session) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let token = tokens().sign_access(account, session, now, lasts);
        let read = tokens().read_access(&token, now + Duration::from_secs(599)).unwrap();
        assert_eq!((read.sub, read.sid), (account, session));
        assert!(tokens().read_access(&token, now + lasts).is_err());
        assert!(Tokens::new(&"another secret of thirty-two chars".into()).unwrap().read_access(&token, now).is_err());
        assert!(tokens().read(Purpose::Manage, &token).is_err());
        for purpose in [Purpose::Manage, Purpose::Hold, Purpose::Confirm, Purpose::Reset] {
            assert!(tokens().read_access(&tokens().sign(purpose, account), now).is_err());
        }
    }

    #[test]
    fn neither_another_algorithm_nor_another_type_nor_another_audience_is_taken() {
        let now = DateTime::from_timestamp(2_000_000_000, 0).unwrap();
        let signed = |algorithm, typ: Option<&str>, aud: &str| {
            let header = Header { typ: typ.map(str::to_owned), ..Header::new(algorithm) };
            let claims = Access {
                aud: aud.to_owned(),
                sub: Uuid::from_u128(1),
                sid: Uuid::from_u128(2),
                iat: now.timestamp(),
                exp: now.timestamp() + 600,
            };
            jsonwebtoken::encode(&header, &claims, &tokens().sign).unwrap()
        };
        let (hs256, ours) = (Algorithm::HS256, Some("at+jwt"));
        assert!(tokens().read_access(&signed(hs256, ours, ACCESS_AUDIENCE), now).is_ok());
        for (algorithm, typ, aud) in [
            (Algorithm::HS384, ours, ACCESS_AUDIENCE),
            (Algorithm::HS512, ours, ACCESS_AUDIENCE),
            (hs256, Some("JWT"), ACCESS_AUDIENCE),
            (hs256, None, ACCESS_AUDIENCE),
            (hs256, ours, Purpose::Manage.audience()),
            (hs256, ours, "another house"),
            (hs256, ours, ""),
        ] {
            assert!(tokens().read_access(&signed(algorithm, typ, aud), now).is_err(), "{algorithm:?} {typ:?} {aud}");
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_known_by_its_looks() {
        let secret = crate::mint::secret();
        assert!(looks_secret(&secret) && looks_secret(&tokens().seal("refresh", secret.as_bytes())));
        for wrong in
            ["", "a.b.c", &secret[1..], &format!("{secret}x"), &secret.replacen(&secret[..1], "=", 1), &"ü".repeat(43)]
        {
            assert!(!looks_secret(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_seal_depends_on_purpose_and_words() {
        let seal = tokens().seal("refresh", b"words");
        assert_eq!(seal, tokens().seal("refresh", b"words"));
        assert_ne!(seal, tokens().seal("register", b"words"));
        assert_ne!(seal, tokens().seal("refresh", b"word"));
    }
}
