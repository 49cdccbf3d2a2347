-- When a venue seats, for how long, how many at a time, and on what terms. All times are the venue's wall clock.
create table services (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  name text not null check (length(name) between 1 and 60),
  -- Bit 0 is Monday, bit 6 Sunday.
  days smallint not null check (days between 1 and 127),
  first_seating time not null,
  last_seating time not null,
  -- Not after first_seating: the service ends on the next day.
  ends time not null,
  -- When given, only these start times are sold.
  seatings time[] constraint services_seatings_not_empty check (cardinality(seatings) between 1 and 24),
  accept text not null default 'instant' check (accept in ('instant', 'request', 'instant_upto')),
  instant_upto smallint constraint services_instant_upto_has_a_limit check ((accept = 'instant_upto') = (instant_upto is not null)),
  constraint services_on_the_tick check (
    extract(epoch from first_seating)::int % 900 = 0 and extract(epoch from last_seating)::int % 900 = 0 and extract(epoch from ends)::int % 900 = 0),
  constraint services_name_is_taken unique (venue_id, name)
);

-- A day that differs from its weekday: closed, or with hours of its own that replace every service.
create table special_days (
  venue_id uuid not null references venues on delete cascade,
  date date not null,
  note text not null default '',
  first_seating time,
  last_seating time,
  ends time,
  primary key (venue_id, date),
  constraint special_days_closed_or_with_hours check (
    (first_seating is null and last_seating is null and ends is null)
    or (first_seating is not null and last_seating is not null and ends is not null))
);

-- How long a party keeps its table; the most specific rule wins: area and service, then service or area, then venue.
create table turn_rules (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  area_id uuid references areas,
  service_id uuid references services on delete cascade,
  min_party smallint not null check (min_party >= 1),
  max_party smallint not null check (max_party <= 50),
  minutes smallint not null,
  buffer_minutes smallint not null default 0,
  constraint turn_rules_on_the_tick check (minutes % 15 = 0 and minutes between 15 and 360 and buffer_minutes % 15 = 0 and buffer_minutes between 0 and 60),
  constraint turn_rules_party_range check (min_party <= max_party)
);

-- How many covers may start in one quarter of an hour.
create table pacing_rules (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  service_id uuid references services on delete cascade,
  cap_total smallint not null check (cap_total between 0 and 1000),
  cap_online smallint not null check (cap_online between 0 and 1000),
  constraint pacing_rules_one_per_service unique nulls not distinct (venue_id, service_id),
  constraint pacing_rules_online_within_total check (cap_online <= cap_total)
);

-- Terms of a booking; a booking keeps the version it was made under.
create table policies (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  service_id uuid references services on delete cascade,
  min_party smallint not null default 1,
  kind text not null default 'none' check (kind in ('none', 'card_hold', 'deposit', 'prepay')),
  amount_minor integer not null default 0 check (amount_minor >= 0),
  free_cancel_minutes integer not null default 1440 check (free_cancel_minutes between 0 and 43200),
  text text not null default '',
  version integer not null default 1,
  constraint policies_one_per_scope unique nulls not distinct (venue_id, service_id, min_party)
);
