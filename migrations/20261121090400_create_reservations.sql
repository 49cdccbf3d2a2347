-- Bookings, and the claims that keep any two of them off the same table at the same time.
create table reservations (
  id uuid primary key,
  -- What a guest says on the phone.
  reference text not null constraint reservations_reference_is_taken unique,
  venue_id uuid not null references venues,
  service_date date not null,
  status text not null check (status in (
    'requested', 'pending_payment', 'booked', 'confirmed', 'running_late', 'partially_arrived', 'arrived', 'partially_seated',
    'seated', 'drinks', 'appetizer', 'entree', 'dessert', 'check_requested', 'paid', 'bussing', 'finished',
    'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show')),
  -- Compare-and-swap counter; also the SEQUENCE of the calendar entry.
  rev integer not null default 1 check (rev >= 1),
  party smallint not null check (party between 1 and 50),
  start_at timestamptz not null,
  -- When the table is given up, without the buffer.
  end_at timestamptz not null,
  -- The area the guest asked for, if any.
  area_id uuid references areas,
  -- False while an optimiser may still move the party to another table.
  table_locked boolean not null default false,
  guest_name text not null,
  guest_email text,
  guest_phone text,
  -- Whose diary this is in; null for bookings that may overlap, such as those made by staff.
  guest_key text,
  notes text not null default '',
  needs text[] not null default '{}',
  occasion text,
  source text not null check (source in ('web', 'api', 'staff', 'demo')),
  policy jsonb not null,
  manage_hash bytea not null,
  late_minutes smallint check (late_minutes between 1 and 120),
  cancel_reason text,
  account_id uuid references accounts on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint reservations_end_after_start check (end_at > start_at),
  constraint reservations_can_be_reached check (guest_email is not null or guest_phone is not null or source = 'staff'),
  -- One guest, one dinner: starts of the same guest are at least two hours apart.
  constraint reservations_guest_no_overlap exclude using gist (
    guest_key with =,
    tsrange((start_at at time zone 'UTC') - interval '1 hour', (start_at at time zone 'UTC') + interval '1 hour') with &&)
    where (guest_key is not null and status not in ('finished', 'declined', 'expired', 'cancelled_guest', 'cancelled_venue', 'no_show'))
);
create index reservations_by_day on reservations (venue_id, service_date, start_at);

-- Holds, bookings, walk-ins and blocks in one table, because they must exclude one another; one row per physical table.
create table table_claims (
  id bigint generated always as identity primary key,
  venue_id uuid not null,
  table_id uuid not null,
  service_date date not null,
  kind text not null check (kind in ('hold', 'reservation', 'walk_in', 'block')),
  reservation_id uuid references reservations deferrable initially deferred,
  hold_token_hash bytea,
  -- From the start until the table is ready for the next party, buffer included.
  during tstzrange not null,
  -- How much of its end is that.
  buffer_minutes smallint not null default 0 check (buffer_minutes between 0 and 60 and buffer_minutes % 15 = 0),
  -- What the claim took from its pace bucket, so that letting go gives it back; on the first table of a combination only.
  covers smallint not null default 0 check (covers >= 0),
  online_covers smallint not null default 0 check (online_covers >= 0 and online_covers <= covers),
  expires_at timestamptz,
  released_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  constraint table_claims_of_one_venue foreign key (venue_id, table_id) references tables (venue_id, id),
  constraint table_claims_bounded check (not isempty(during) and lower_inc(during) and not upper_inc(during)
    and not lower_inf(during) and not upper_inf(during)),
  constraint table_claims_on_the_tick check (extract(epoch from lower(during))::bigint % 900 = 0 and extract(epoch from upper(during))::bigint % 900 = 0),
  -- So that what is on a table today began today or yesterday. A longer block is a claim for each day.
  constraint table_claims_at_most_a_day check (upper(during) - lower(during) <= interval '25 hours'),
  constraint table_claims_kind_fits check ((kind = 'hold') = (hold_token_hash is not null and expires_at is not null)
    and (kind = 'reservation') = (reservation_id is not null)),
  constraint table_claims_no_overlap exclude using gist (table_id with =, during with &&) where (released_at is null)
);
-- By end, since what ends before a start is of no interest to it: all of yesterday but what lasts past the rollover.
create index table_claims_live_by_day on table_claims (venue_id, service_date, upper(during)) where released_at is null;
create index table_claims_live_holds on table_claims (venue_id, service_date, expires_at) where kind = 'hold' and released_at is null;
create index table_claims_by_reservation on table_claims (reservation_id) where reservation_id is not null;
create index table_claims_by_hold on table_claims (hold_token_hash) where hold_token_hash is not null and released_at is null;

-- Covers that start in one quarter of an hour. `forced` are those above cap_total: put in by staff, or sold before the cap was
-- lowered. The caps are those of the rules when the row was last booked on; cap_online is never below what is sold.
create table pace_buckets (
  venue_id uuid not null references venues,
  service_date date not null,
  start_at timestamptz not null,
  total smallint not null default 0 check (total >= 0),
  online smallint not null default 0 check (online >= 0 and online <= total),
  forced smallint not null default 0 check (forced >= 0),
  cap_total smallint not null,
  cap_online smallint not null,
  primary key (venue_id, service_date, start_at),
  constraint pace_buckets_within_cap check (total - forced <= cap_total and online <= cap_online)
) with (fillfactor = 70);

-- One row per venue and service date that anything was ever booked on; the version rises with every change.
create table venue_days (
  venue_id uuid not null references venues,
  service_date date not null,
  version bigint not null default 0,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (venue_id, service_date)
);
create index venue_days_by_change on venue_days (updated_at);

create table reservation_events (
  reservation_id uuid not null references reservations,
  rev integer not null,
  kind text not null,
  actor text not null check (actor in ('guest', 'staff', 'system')),
  at timestamptz not null default clock_timestamp(),
  detail jsonb not null default '{}',
  primary key (reservation_id, rev)
);
