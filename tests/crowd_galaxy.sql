-- Users of a Galaxy, for `tests.crowd`: only the columns that nothing works without.

INSERT INTO galaxy_user (id, create_time, update_time, email, username, password, external, deleted, purged, active)
WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < :count)
SELECT :base + n, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 'person-' || n || '@crowd.example', username(n), 'none', false,
       n % 1000 = 999, false, true
FROM up;

INSERT INTO user_preference (user_id, name, value)
SELECT id, 'extra_user_preferences', :preference
FROM galaxy_user WHERE id > :base AND (id - :base) % 10 <> 9;
