//! Signed links: each opens one thing, for one purpose, and only its hash is stored.

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
}

impl Purpose {
    const fn audience(self) -> &'static str {
        match self {
            Self::Manage => "trestle:manage",
            Self::Hold => "trestle:hold",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    sub: Uuid,
}

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
}
