-- Venues to measure with: open around the clock, 60 tables and 40 combinations each, a kitchen that is never full.
-- `hot` has ten tables, for the race.
insert into orgs (id, name) values (md5('org')::uuid, 'Bench');

create temporary table bench_venue as
select md5('venue ' || slug)::uuid as id, slug, tables
from (select 'bench-' || n as slug, 60 as tables from generate_series(1, 12) n union all select 'hot', 10) v;

insert into venues (id, org_id, slug, name, street, city, country, lat, lon, zone, currency, cuisines, price, horizon_days, art_seed)
select id, md5('org')::uuid, slug, slug, 'Bench Street 1', 'Lisbon', 'PT', 38.7, -9.1, 'UTC', 'EUR', '{portuguese}', 2, 60, 1 from bench_venue;

insert into areas (id, venue_id, name, kind, position) select md5('area ' || slug)::uuid, id, 'Room', 'indoor', 1 from bench_venue;

insert into tables (id, venue_id, area_id, label, min_party, max_party, rank)
select md5('table ' || slug || ' ' || n)::uuid, id, md5('area ' || slug)::uuid, n::text, 1, 2 + 2 * (n % 2), n from bench_venue, generate_series(1, tables) n;

insert into table_combos (id, venue_id, min_party, max_party)
select md5('combo ' || slug || ' ' || n)::uuid, id, 4, 6 from bench_venue, generate_series(1, 40) n where tables = 60;

insert into table_combo_members (combo_id, table_id)
select md5('combo ' || slug || ' ' || n)::uuid, md5('table ' || slug || ' ' || n + step)::uuid from bench_venue, generate_series(1, 40) n, generate_series(0, 1) step
where tables = 60;

insert into services (id, venue_id, name, days, first_seating, last_seating, ends)
select md5('service ' || slug)::uuid, id, 'All day', 127, '04:00', '03:45', '04:00' from bench_venue;

insert into accounts (id, email, name, password_hash, email_confirmed_at)
select md5('account ' || n)::uuid, 'guest' || n || '@example.com', 'Ada Bench', :'password_hash', now() from generate_series(0, 999) n;

insert into pacing_rules (id, venue_id, cap_total, cap_online) select md5('pacing ' || slug)::uuid, id, 1000, 1000 from bench_venue;
