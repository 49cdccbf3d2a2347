//! Letters to guests: what they say, and how they leave.

mod letter;
mod notice;

use std::path::PathBuf;
use std::time::Duration;

use domain::field::Complaint;
use domain::reservation::Reservation;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

pub use letter::Template;
pub use notice::{Notice, NoticeLetter};

use crate::{Error, Result};

/// How mail leaves.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// Whose name is on it: `Trestle <tables@example.com>`.
    pub from: String,
    /// Its way out.
    pub delivery: Delivery,
}

/// A way out for mail.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Through an SMTP server, `smtp://user:password@host:port` or `smtps://..`.
    Smtp(SecretString),
    /// Into a folder, one `.eml` file each, where no server is configured.
    Directory(PathBuf),
}

/// Writes and sends letters.
pub struct Post {
    from: Mailbox,
    public_url: String,
    way: Way,
    templates: minijinja::Environment<'static>,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Directory(PathBuf),
}

/// What one letter is about.
pub struct Letter<'r> {
    /// Which letter.
    pub template: Template,
    /// The booking as it is now.
    pub reservation: &'r Reservation,
    /// Where the venue is.
    pub address: String,
    /// The venue's telephone, if it has one.
    pub phone: Option<String>,
    /// The token that opens the booking.
    pub manage_token: &'r str,
    /// The calendar entry.
    pub calendar: String,
    /// Names this letter among all, so that a second attempt is recognised by mail servers.
    pub id: i64,
}

impl Post {
    pub fn new(settings: MailSettings, public_url: String) -> Result<Self> {
        let from = settings
            .from
            .parse()
            .map_err(|error| Error::Broken(format!("The sender of mail is no address: {error}")))?;
        let way = match settings.delivery {
            Delivery::Smtp(url) => Way::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
                    .map_err(|error| Error::Broken(format!("The SMTP address cannot be used: {error}")))?
                    .timeout(Some(Duration::from_secs(10)))
                    .build(),
            ),
            Delivery::Directory(path) => Way::Directory(path),
        };
        Ok(Self { from, public_url, way, templates: letter::templates() })
    }

    /// The address of a booking's page.
    pub fn booking_url(&self, manage_token: &str) -> String {
        format!("{}/bookings/{manage_token}", self.public_url)
    }

    /// Sends one letter.
    ///
    /// # Errors
    /// In words for the operator, without anything personal.
    pub async fn send(&self, letter: &Letter<'_>) -> std::result::Result<(), Complaint> {
        self.dispatch(letter.id, self.write(letter)?).await
    }

    /// Sends one letter about an account.
    ///
    /// # Errors
    /// In words for the operator, without anything personal.
    pub async fn send_notice(&self, letter: &NoticeLetter<'_>) -> std::result::Result<(), Complaint> {
        self.dispatch(letter.id, self.write_notice(letter)?).await
    }

    async fn dispatch(&self, id: i64, message: Message) -> std::result::Result<(), Complaint> {
        match &self.way {
            Way::Smtp(transport) => transport.send(message).await.map(drop).map_err(|error| {
                Complaint::new(match error.status() {
                    Some(code) => format!("the mail server answered {code}"),
                    None if error.is_timeout() => "the mail server did not answer in time".to_owned(),
                    None => "the mail server cannot be reached".to_owned(),
                })
            }),
            Way::Directory(path) => put(path, id, &message.formatted())
                .await
                .map_err(|error| Complaint::new(format!("the mail folder cannot be written: {}", error.kind()))),
        }
    }

    fn write(&self, letter: &Letter<'_>) -> std::result::Result<Message, Complaint> {
        let (subject, text, html) = letter::render(&self.templates, letter, &self.booking_url(letter.manage_token))?;
        let guest = &letter.reservation.guest;
        let address =
            guest.email.as_str().parse().map_err(|_| Complaint::new("the guest's address cannot be written to"))?;
        let calendar: ContentType =
            "text/calendar; charset=utf-8; method=PUBLISH".parse().map_err(|_| Complaint::new("no calendar type"))?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(guest.name.as_str().to_owned()), address))
            .subject(subject)
            .message_id(Some(format!(
                "<{}.{}.{}@{}>",
                letter.reservation.id,
                letter.reservation.rev,
                letter.id,
                self.from.email.domain()
            )))
            .multipart(
                MultiPart::mixed()
                    .multipart(
                        MultiPart::alternative().singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html)),
                    )
                    .singlepart(Attachment::new("booking.ics".to_owned()).body(letter.calendar.clone(), calendar)),
            )
            .map_err(|error| Complaint::new(format!("the letter cannot be written: {error}")))
    }
}

impl Post {
    fn write_notice(&self, letter: &NoticeLetter<'_>) -> std::result::Result<Message, Complaint> {
        let (subject, text, html) = notice::render(&self.templates, letter, &self.public_url)?;
        let address =
            letter.to.as_str().parse().map_err(|_| Complaint::new("the account's address cannot be written to"))?;
        let name = letter.name.as_ref().map(|name| name.as_str().to_owned());
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(subject)
            .message_id(Some(format!("<account.{}.{}@{}>", letter.notice.word(), letter.id, self.from.email.domain())))
            .multipart(MultiPart::alternative().singlepart(SinglePart::plain(text)).singlepart(SinglePart::html(html)))
            .map_err(|error| Complaint::new(format!("the letter cannot be written: {error}")))
    }
}

/// Writes a letter under a name that sorts by age; a reader never sees half of it.
async fn put(folder: &std::path::Path, id: i64, letter: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let part = folder.join(format!("{id:010}.part"));
    tokio::fs::write(&part, letter).await?;
    tokio::fs::rename(part, folder.join(format!("{id:010}.eml"))).await
}
