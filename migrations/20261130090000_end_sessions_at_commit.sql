-- Servers look for what ended lately by when it ended. An operator's transaction may take its time between disabling an account and its
-- commit, so that the sessions end as it commits, and are seen.
drop trigger accounts_disabling_ends_sessions on accounts;
create constraint trigger accounts_disabling_ends_sessions after update of disabled_at on accounts
  deferrable initially deferred
  for each row when (new.disabled_at is not null) execute function end_sessions_of_disabled();
