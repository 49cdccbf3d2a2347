-- Who runs the rooms, and what a guest reads about them.
create extension if not exists btree_gist;

create table orgs (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  created_at timestamptz not null default now()
);

create table venues (
  id uuid primary key,
  org_id uuid not null references orgs,
  slug text not null constraint venues_slug_is_taken unique
    constraint venues_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 80),
  name text not null check (length(name) between 1 and 120),
  tagline text not null default '',
  description text not null default '',
  street text not null,
  neighbourhood text not null default '',
  city text not null,
  country char(2) not null,
  lat double precision not null check (lat between -90 and 90),
  lon double precision not null check (lon between -180 and 180),
  phone text,
  email text,
  website text,
  zone text not null,
  day_rollover time not null default '04:00',
  slot_minutes smallint not null default 15 constraint venues_slot_is_on_the_tick check (slot_minutes in (15, 30, 60)),
  currency char(3) not null,
  locale text not null default 'en',
  cuisines text[] not null constraint venues_have_a_cuisine check (cardinality(cuisines) between 1 and 6),
  price smallint not null check (price between 1 and 4),
  accessibility text[] not null default '{}',
  horizon_days smallint not null default 90 check (horizon_days between 1 and 400),
  min_notice_minutes smallint not null default 60 check (min_notice_minutes between 0 and 10080),
  max_online_party smallint not null default 20 check (max_online_party between 1 and 50),
  art_seed bigint not null,
  -- Rises with every change of floor or rules; readers compare it with what they hold in memory.
  config_version bigint not null default 1,
  published boolean not null default true,
  created_at timestamptz not null default now()
);

create table menu_items (
  id uuid primary key,
  venue_id uuid not null references venues on delete cascade,
  section text not null,
  position smallint not null,
  name text not null,
  description text not null default '',
  price_minor integer check (price_minor >= 0),
  diets text[] not null default '{}',
  constraint menu_items_one_per_position unique (venue_id, position)
);
