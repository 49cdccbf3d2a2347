-- What guests say about a visit, and what the stars of a venue come to.
create table reviews (
  id uuid primary key,
  venue_id uuid not null references venues,
  reservation_id uuid not null references reservations,
  -- Compare-and-swap counter.
  rev integer not null default 1 check (rev >= 1),
  food smallint not null,
  service smallint not null,
  ambience smallint not null,
  overall smallint not null,
  body text not null check (length(body) <= 2000),
  -- First name and initial; null for somebody who is known here no more.
  author text check (length(author) between 1 and 90),
  written_at timestamptz not null,
  answer text check (length(answer) between 1 and 1000),
  answered_at timestamptz,
  -- What is deleted says nothing and counts for nothing; it stays for a while, so that deleting can be repeated.
  deleted_at timestamptz,
  constraint reviews_have_one_to_five_stars
    check (food between 1 and 5 and service between 1 and 5 and ambience between 1 and 5 and overall between 1 and 5),
  constraint reviews_answered_at_once check ((answer is null) = (answered_at is null)),
  constraint reviews_deleted_say_nothing check (deleted_at is null or (body = '' and author is null and answer is null))
);
create unique index reviews_one_per_visit on reviews (reservation_id) where deleted_at is null;
create index reviews_by_venue on reviews (venue_id, written_at desc, id desc) where deleted_at is null;
create index reviews_deleted on reviews (deleted_at) where deleted_at is not null;

-- The sums that averages are made of, one row per venue that anybody ever wrote about. Triggers keep them, so that whatever
-- writes a review moves them in the same transaction.
create table venue_ratings (
  venue_id uuid primary key references venues,
  -- Rises with every change of a review, so that memory knows what it holds.
  version bigint not null,
  reviews integer not null,
  food bigint not null,
  service bigint not null,
  ambience bigint not null,
  overall bigint not null,
  constraint venue_ratings_add_up check (reviews >= 0
    and food between reviews and 5 * reviews::bigint and service between reviews and 5 * reviews::bigint
    and ambience between reviews and 5 * reviews::bigint and overall between reviews and 5 * reviews::bigint)
) with (fillfactor = 50);

-- One statement moves each venue once, in the order of their ids, so that two of them cannot wait for one another.
create function rate_venues() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into venue_ratings as r (venue_id, version, reviews, food, service, ambience, overall)
    select venue_id, 1, count(*), sum(food), sum(service), sum(ambience), sum(overall)
    from written where deleted_at is null group by venue_id order by venue_id
    on conflict (venue_id) do update set version = r.version + 1, reviews = r.reviews + excluded.reviews,
      food = r.food + excluded.food, service = r.service + excluded.service,
      ambience = r.ambience + excluded.ambience, overall = r.overall + excluded.overall;
    return null;
  end if;
  perform from venue_ratings where venue_id in (select venue_id from struck) order by venue_id for no key update;
  if tg_op = 'UPDATE' then
    update venue_ratings r set version = r.version + 1, reviews = r.reviews + d.reviews, food = r.food + d.food,
      service = r.service + d.service, ambience = r.ambience + d.ambience, overall = r.overall + d.overall
    from (
      select venue_id, sum(sign) as reviews, sum(sign * food) as food, sum(sign * service) as service,
        sum(sign * ambience) as ambience, sum(sign * overall) as overall
      from (
        select venue_id, food, service, ambience, overall, case when deleted_at is null then 1 else 0 end as sign from written
        union all
        select venue_id, food, service, ambience, overall, case when deleted_at is null then -1 else 0 end from struck
      ) moved group by venue_id) d
    where r.venue_id = d.venue_id;
  else
    update venue_ratings r set version = r.version + 1, reviews = r.reviews - d.reviews, food = r.food - d.food,
      service = r.service - d.service, ambience = r.ambience - d.ambience, overall = r.overall - d.overall
    from (
      select venue_id, count(*) as reviews, sum(food) as food, sum(service) as service, sum(ambience) as ambience, sum(overall) as overall
      from struck where deleted_at is null group by venue_id) d
    where r.venue_id = d.venue_id;
  end if;
  return null;
end
$$;

create trigger reviews_written_are_counted after insert on reviews
  referencing new table as written for each statement execute function rate_venues();
create trigger reviews_changed_are_counted after update on reviews
  referencing old table as struck new table as written for each statement execute function rate_venues();
create trigger reviews_removed_are_counted after delete on reviews
  referencing old table as struck for each statement execute function rate_venues();

-- The venues whose sums are not those of their reviews: none, ever.
create function miscounted_ratings() returns setof uuid language sql stable as $$
  select coalesce(k.venue_id, c.venue_id)
  from venue_ratings k full join (
    select venue_id, count(*) as reviews, sum(food) as food, sum(service) as service, sum(ambience) as ambience, sum(overall) as overall
    from reviews where deleted_at is null group by venue_id) c on c.venue_id = k.venue_id
  where (coalesce(k.reviews, 0), coalesce(k.food, 0), coalesce(k.service, 0), coalesce(k.ambience, 0), coalesce(k.overall, 0))
    is distinct from
    (coalesce(c.reviews, 0), coalesce(c.food, 0), coalesce(c.service, 0), coalesce(c.ambience, 0), coalesce(c.overall, 0))
$$;
