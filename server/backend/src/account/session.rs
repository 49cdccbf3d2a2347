//! Signing in, going on, and signing out.

use chrono::TimeDelta;
use domain::account::Session;
use domain::form::Credentials;
use domain::id::{AccountId, SessionId};

use super::store::session::{self as store, NewSession, Renewal};
use super::{ACCESS_LASTS, SessionTokens, SignedIn, not_theirs};
use crate::audit::Actor;
use crate::db::{self, Attempt, decide};
use crate::{Backend, Error, Page, Result, mint, token};

/// How long a session lasts that nobody uses.
const IDLE: TimeDelta = TimeDelta::days(30);

/// How long a session lasts at most.
const LASTS: TimeDelta = TimeDelta::days(180);

/// How long a refresh token may come again and get the same answer, as from two windows of one browser, or after an answer that
/// got lost: longer than our own pages wait for one (45 seconds) before they ask again. Later it was stolen from one side or the other.
const GRACE: TimeDelta = TimeDelta::seconds(60);

/// Sessions of an account at most; one more ends the one that was not used for longest.
const MOST: i64 = 50;

impl Backend {
    /// Signs somebody in: always a new session, and the one ends whose refresh token their browser had before.
    ///
    /// It takes one hash and one look into the database whether the account exists or not.
    ///
    /// # Errors
    /// `SignInFailed`, without saying why; `Unavailable` when too many passwords are being hashed.
    pub async fn sign_in(
        &self,
        credentials: &Credentials,
        device: &str,
        before: Option<&str>,
    ) -> Result<SessionTokens> {
        let email = credentials.email.as_str();
        let found = db::read(async || store::find_login(&mut *self.0.database.acquire().await?, email).await).await?;
        let hash = found.as_ref().map(|login| login.password_hash.as_str());
        let knows = self.0.hashing.verify(&credentials.password, hash).await?;
        let login = found.filter(|_| knows).ok_or(Error::SignInFailed)?;
        let (id, refresh) = (mint::id(), mint::secret());
        let entry = NewSession {
            id,
            login: &login,
            email,
            device,
            refresh_hash: &token::hash(&refresh),
            now: self.now(),
            most: MOST,
        };
        let begun =
            decide(async || Ok(Attempt::Decided(store::begin(&mut *self.0.database.acquire().await?, &entry).await?)));
        // Not confirmed, disabled, or the password was changed a moment ago.
        let crowded_out = begun.await?.ok_or(Error::SignInFailed)?;
        self.0.watch.add(&crowded_out);
        if let Some(before) = before
            && let Err(error) = self.sign_out(before).await
            && !matches!(error, Error::Unauthenticated)
        {
            return Err(error);
        }
        Ok(self.tokens_of(login.id, SessionId(id), refresh))
    }

    /// Goes on with a session: a new pair of tokens for the refresh token, which is good once.
    ///
    /// The same token again within a minute gets the same successor, unless that was used already; later the whole session ends.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is foreign, expired or used, or whose session is over.
    pub async fn refresh(&self, refresh: &str) -> Result<SessionTokens> {
        if !token::looks_secret(refresh) {
            return Err(Error::Unauthenticated);
        }
        let next = self.0.tokens.seal("refresh", refresh.as_bytes());
        let now = self.now();
        let (hash, next_hash) = (token::hash(refresh), token::hash(&next));
        let renewed = decide(async || {
            // A stolen token is shown by whoever has it.
            let mut tx = self.begin_as(Actor::Nobody).await?;
            let Some(held) = store::find_refresh(&mut tx, &hash, &next_hash).await? else {
                return Ok(Attempt::Decided(Renewal::Refused));
            };
            let over = now >= held.last_used_at + IDLE || now >= held.created_at + LASTS;
            let renewal = match held.used_at {
                _ if held.is_over || over => Renewal::Refused,
                None => {
                    store::rotate(&mut tx, held.session, &hash, &next_hash, now).await?;
                    Renewal::Renewed(held.account, held.session)
                }
                Some(used_at) if now < used_at + GRACE && !held.next_is_used => {
                    Renewal::Renewed(held.account, held.session)
                }
                Some(_) => {
                    store::end(&mut tx, held.session, held.account).await?;
                    Renewal::Stolen(held.session)
                }
            };
            tx.commit().await?;
            Ok(Attempt::Decided(renewal))
        });
        match renewed.await? {
            Renewal::Renewed(account, session) => Ok(self.tokens_of(account, session, next)),
            Renewal::Refused => Err(Error::Unauthenticated),
            Renewal::Stolen(session) => {
                self.0.watch.add(&[session.0]);
                tracing::warn!(%session, "a used refresh token came again, and its session was ended");
                Err(Error::Unauthenticated)
            }
        }
    }

    fn tokens_of(&self, account: AccountId, session: SessionId, refresh: String) -> SessionTokens {
        SessionTokens {
            session,
            access: self.0.tokens.sign_access(account.0, session.0, self.now(), ACCESS_LASTS),
            access_lasts: ACCESS_LASTS,
            refresh,
            refresh_lasts: IDLE.to_std().unwrap_or_default(),
        }
    }

    /// Who calls with this access token; from memory, without a statement.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is foreign or expired, or whose session is over.
    pub async fn recognise(&self, access: &str) -> Result<SignedIn> {
        let claims = self.0.tokens.read_access(access, self.now())?;
        if self.0.watch.is_over(claims.sid).await? {
            return Err(Error::Unauthenticated);
        }
        Ok(SignedIn { account: AccountId(claims.sub), session: SessionId(claims.sid) })
    }

    /// Where the caller is signed in, what was used last first.
    ///
    /// # Errors
    /// The database is away.
    pub async fn sessions(&self, caller: &SignedIn) -> Result<Page<Session>> {
        let since = self.now() - IDLE;
        let rows =
            db::read(async || store::list(&mut *self.0.database.acquire().await?, caller.account(), since, MOST).await);
        let item = |row: store::SessionRow| Session {
            id: row.id,
            device: row.device,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            current: row.id == caller.session(),
        };
        Ok(Page { items: rows.await?.into_iter().map(item).collect(), next_cursor: None })
    }

    /// Ends one of the caller's sessions, at once and everywhere; once more changes nothing.
    ///
    /// # Errors
    /// `NotFound` for a session that is not theirs.
    pub async fn end_session(&self, caller: &SignedIn, session: SessionId) -> Result<()> {
        let ended = decide(async || {
            let mut tx = self.begin_as(caller.actor()).await?;
            let ended = store::end(&mut tx, session, caller.account()).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(ended))
        });
        if !ended.await? {
            return Err(not_theirs(caller.account(), "end_session"));
        }
        self.0.watch.add(&[session.0]);
        Ok(())
    }

    /// Ends the session of a refresh token, for whoever signs out after their access token has expired, or signs in anew.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is none.
    pub async fn sign_out(&self, refresh: &str) -> Result<()> {
        if !token::looks_secret(refresh) {
            return Err(Error::Unauthenticated);
        }
        let hash = token::hash(refresh);
        let ended = decide(async || {
            let mut tx = self.begin_as(Actor::Nobody).await?;
            let session = store::end_by_refresh(&mut tx, &hash).await?;
            tx.commit().await?;
            Ok(Attempt::Decided(session))
        });
        let session = ended.await?.ok_or(Error::Unauthenticated)?;
        self.0.watch.add(&[session]);
        Ok(())
    }

    /// How many passwords were hashed so far, right and wrong, known and unknown.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.0.hashing.count()
    }
}
