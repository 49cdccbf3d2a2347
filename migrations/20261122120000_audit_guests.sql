-- What guests keep and what they say is in the audit like everything else.
create trigger favorites_audited after insert or delete on favorites
  for each row execute function audit.note('favorite', 'account_id', '', 'venue_id', '');
create trigger reviews_audited after insert or update or delete on reviews
  for each row execute function audit.note('review', 'id', 'venue_id', 'reservation_id,overall', '');

-- Takes everything away that names the guest of these bookings. What was answered to their requests names nobody; what is
-- left of the requests themselves is a hash that could be guessed at, and without it the key is still used up.
-- What they said about their visits goes too, and so does what venues answered, which may name them; their stars go on counting.
create function arbiter.erase_bookings(bookings uuid[], as_of timestamptz) returns void
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
  delete from outbox o where o.payload ->> 'reservation_id' = any (erase_bookings.bookings::text[]);
end
$$;
