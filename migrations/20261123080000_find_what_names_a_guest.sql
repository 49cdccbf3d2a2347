-- Telling somebody everything and forgetting them finds what names them by an index: forgetting does so under the locks of days.
create index idempotency_keys_by_answer on idempotency_keys ((answer ->> 'id')) where answer ->> 'id' is not null;
create index outbox_by_booking on outbox ((payload ->> 'reservation_id')) where payload ->> 'reservation_id' is not null;
create index outbox_by_address on outbox ((payload ->> 'to')) where payload ->> 'to' is not null;
create index sessions_by_account on sessions (account_id);
create index reviews_by_reservation on reviews (reservation_id);

-- As before, and for what was asked about reviews: such a request is known by its scope, since its answer does not name the booking.
create or replace function arbiter.erase_bookings(bookings uuid[], as_of timestamptz) returns void
  language plpgsql as $$
#variable_conflict use_column
begin
  update reviews w set rev = w.rev + 1, body = '', author = null, answer = null, answered_at = null
  where w.reservation_id = any (erase_bookings.bookings) and w.deleted_at is null;
  update reservations r set account_id = null, guest_name = 'Erased', guest_email = null, guest_phone = null, guest_key = null,
    notes = '', needs = '{}', occasion = null, cancel_reason = null, manage_hash = '', erased_at = erase_bookings.as_of,
    updated_at = clock_timestamp()
  where r.id = any (erase_bookings.bookings);
  update idempotency_keys k set request_hash = '' where k.answer ->> 'id' = any (erase_bookings.bookings::text[]);
  update idempotency_keys k set request_hash = '' where k.scope = any (array(
    select 'review:' || b from unnest(erase_bookings.bookings) b
    union all
    select 'change-review:' || w.id from reviews w where w.reservation_id = any (erase_bookings.bookings)));
  delete from outbox o where o.payload ->> 'reservation_id' = any (erase_bookings.bookings::text[]);
end
$$;
