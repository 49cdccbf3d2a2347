-- A letter carries along which request it comes from: {"correlation": .., "traceparent": .., "tracestate": ..}, null where none did.
-- The functions that write letters are called with it once for all their statements: see `arbiter.asked_by`.
alter table outbox add column origin jsonb default nullif(current_setting('trestle.origin', true), '')::jsonb
  check (origin is null or (length(origin ->> 'correlation') between 8 and 64 and length(origin ->> 'traceparent') = 55));

-- The key of a request, of which from here to the end of its transaction is said where it comes from, and who it is by:
-- `book(scope, arbiter.asked_by(key, origin, actor), ..)`.
create function arbiter.asked_by(key text, origin jsonb, actor text) returns text language plpgsql as $$
begin
  perform set_config('trestle.origin', coalesce(asked_by.origin::text, ''), true);
  perform set_config('trestle.actor', asked_by.actor, true);
  return asked_by.key;
end
$$;
