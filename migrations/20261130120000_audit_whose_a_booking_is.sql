-- Whose a booking is changes without an event of it: when it comes to the account whose address it names, and when its guest is erased.
-- No venue reads that: it would learn which address has an account.
create trigger reservations_audited after update on reservations for each row
  when ((old.account_id, old.erased_at) is distinct from (new.account_id, new.erased_at))
  execute function audit.note('reservation', 'id', '', 'account_id', 'updated_at');
