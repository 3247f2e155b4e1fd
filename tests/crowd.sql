-- A large population, for `tests.crowd`, which gives the words with a colon and writes out moment() and username().
-- The person with the number n has the id n; those up to 10 are in no room by chance. The room with the number n has
-- the id :base + n, and its number decides of what kind it is and who is in it: in the place p of it, from 0 on, is the
-- person (n * 613 + p * 17) % (:people - 10) + 11.

CREATE TEMPORARY TABLE number (n BIGINT PRIMARY KEY);

INSERT INTO number
WITH RECURSIVE up(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM up WHERE n < :most)
SELECT n FROM up;

ANALYZE number;

INSERT INTO galaxy_communication_person (user_id, username, presence, typing, notifications, sound)
SELECT n, username(n), true, true, n % 7 <> 0, false
FROM number WHERE n BETWEEN 1 AND :people;

INSERT INTO galaxy_communication_person_mute (user_id, muted_id)
SELECT n, n % 1000 + 11 FROM number WHERE n BETWEEN 1 AND :people AND n % 10 = 0
UNION ALL SELECT 1, n + 10 FROM number WHERE n BETWEEN 1 AND 20
UNION ALL SELECT 2, 11;

-- Some are over.
INSERT INTO galaxy_communication_sanction (user_id, kind, reason, actor_id, created_at, until)
SELECT n, CASE n % 1000 WHEN 0 THEN 'ban' ELSE 'silence' END, '', 3, moment(n), moment(n * 20)
FROM number WHERE n BETWEEN 1 AND :people AND n % 500 = 0;

-- Half of the messages are the lobby's, a quarter that of the first rooms.
UPDATE galaxy_communication_room SET head_seq = :messages / 2 WHERE kind = 'lobby';

INSERT INTO galaxy_communication_room (id, kind, name, name_key, binding, topic, head_seq, member_count,
                                       slow_mode_seconds, created_at, archived_at, revision)
SELECT :base + n, kind, 'Room ' || n, CASE kind WHEN 'public' THEN 'room ' || n END,
       CASE WHEN kind = 'group' THEN 'group:' || n
            WHEN kind = 'direct' AND one < other THEN 'direct:' || one || ':' || other
            WHEN kind = 'direct' THEN 'direct:' || other || ':' || one END,
       '', CASE WHEN n <= :hot_rooms THEN :messages / 4 / :hot_rooms ELSE :messages / 4 / :rooms END, 0,
       0, moment(n), CASE WHEN n % 200 = 31 THEN moment(n) END, 0
FROM (SELECT n,
             CASE WHEN n % 20 = 0 THEN 'group' WHEN n % 20 < 6 THEN 'direct' WHEN n % 20 < 11 THEN 'private'
                  ELSE 'public' END AS kind,
             CASE WHEN n < 40 THEN 1 WHEN n = 41 THEN 2 ELSE n * 613 % (:people - 10) + 11 END AS one,
             (n * 613 + 17) % (:people - 10) + 11 AS other
      FROM number WHERE n BETWEEN 1 AND :rooms) AS planned;

-- Everybody is in the lobby, half of them in the persistent room. How far people have read differs.
INSERT INTO galaxy_communication_membership (room_id, user_id, role, read_seq, notify, joined_at)
SELECT id, p, 'member', CASE WHEN p % 4 = 0 OR head_seq < 40 THEN 0 ELSE head_seq - p % 40 END, 'mentions', moment(p)
FROM galaxy_communication_room
JOIN (SELECT n AS p FROM number WHERE n BETWEEN 3 AND :people) AS person ON kind = 'lobby' OR p % 2 = 0
WHERE kind IN ('lobby', 'persistent');

INSERT INTO galaxy_communication_membership (room_id, user_id, role, read_seq, notify, joined_at)
SELECT id, (n * 613 + p * 17) % (:people - 10) + 11,
       CASE p WHEN 0 THEN 'owner' WHEN 1 THEN 'moderator' ELSE 'member' END,
       CASE WHEN p % 4 = 0 OR head_seq < 40 THEN 0 ELSE head_seq - p % 40 END, 'mentions', moment(p)
FROM (SELECT id, id - :base AS n, kind, head_seq FROM galaxy_communication_room WHERE id > :base) AS room
JOIN (SELECT n AS p FROM number WHERE n < 80) AS place ON p < 20 + n % 60
WHERE kind NOT IN ('direct', 'lobby', 'persistent');

INSERT INTO galaxy_communication_membership (room_id, user_id, role, read_seq, notify, joined_at)
SELECT id, (n * 613 + p * 17) % (:people - 10) + 11, 'member', 0, 'all', moment(p)
FROM (SELECT id, id - :base AS n, kind FROM galaxy_communication_room WHERE id > :base) AS room
JOIN (SELECT n AS p FROM number WHERE n < 2) AS place ON p = 1 OR n > 41
WHERE kind = 'direct';

-- The busy one: in a hundred rooms, has read nothing.
INSERT INTO galaxy_communication_membership (room_id, user_id, role, read_seq, notify, joined_at)
SELECT id, 1, 'member', 0, 'all', moment(1)
FROM (SELECT id FROM galaxy_communication_room WHERE kind <> 'direct' ORDER BY id LIMIT 90) AS room
UNION ALL SELECT id, 1, 'member', 0, 'all', moment(1) FROM galaxy_communication_room WHERE binding LIKE 'direct:1:%';

-- The ordinary one: in five.
INSERT INTO galaxy_communication_membership (room_id, user_id, role, read_seq, notify, joined_at)
SELECT id, 2, 'member', CASE WHEN head_seq < 3 THEN 0 ELSE head_seq - 3 END, 'mentions', moment(2)
FROM galaxy_communication_room
WHERE kind IN ('lobby', 'persistent') OR id IN (:base + 6, :base + 11, :base + 41);

UPDATE galaxy_communication_room
SET member_count = (SELECT count(*) FROM galaxy_communication_membership
                    WHERE room_id = galaxy_communication_room.id);

-- In the lobby anybody speaks, in other rooms those in the first places. One in a hundred is deleted, 32 in the lobby
-- are pinned.
INSERT INTO galaxy_communication_message (room_id, seq, changed_seq, user_id, client_id, text, reactions, mentions,
                                          created_at, deleted_at, pinned_at)
SELECT room_id, seq, seq, author, 'c' || seq,
       'Message ' || n || ': why does tool' || (n % 97) || ' fail in step' || (n % 1009) || '? '
       || CASE WHEN n % 2 = 0 THEN 'The reads' ELSE 'The contigs' END
       || CASE WHEN n % 2000 = 5 THEN ' after kraken2' ELSE '' END
       || CASE WHEN n % 100 < 9 THEN ' with trimming, adapter' WHEN n % 100 = 9 THEN ' with adapter trimming' ELSE '' END
       || ' are in sample-' || (n % 5003) || '_R1.fastq.gz',
       '{}', CASE WHEN n % 1000 = 4 THEN '[0]' WHEN n % 50 = 3 THEN '[1]' ELSE '[]' END,
       moment(n), CASE WHEN n % 100 = 57 THEN moment(n + 1) END,
       CASE WHEN n % (:messages / 64) = 11 THEN moment(n + 1) END
FROM (SELECT id AS room_id, number.n AS seq, number.n, number.n * 7919 % (:people - 10) + 11 AS author
      FROM galaxy_communication_room AS room JOIN number ON number.n BETWEEN 1 AND room.head_seq
      WHERE room.kind = 'lobby'
      UNION ALL
      SELECT room.id, place.n, room.id * 131 + place.n,
             ((room.id - :base) * 613 + place.n % 20 * 17) % (:people - 10) + 11
      FROM galaxy_communication_room AS room
      JOIN (SELECT n FROM number WHERE n BETWEEN 1 AND :messages / 4 / :hot_rooms) AS place ON place.n <= room.head_seq
      WHERE room.id > :base AND kind NOT IN ('lobby', 'persistent')) AS said
ORDER BY n;

INSERT INTO galaxy_communication_mention (user_id, room_id, seq)
SELECT addressed, room_id, seq
FROM (SELECT room_id, seq, CASE CAST(mentions AS VARCHAR) WHEN '[0]' THEN 0 WHEN '[1]' THEN 1 END AS addressed
      FROM galaxy_communication_message) AS said
WHERE addressed IS NOT NULL;

DROP TABLE number;
