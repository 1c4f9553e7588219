-- One row per finding; `code` 1 to 7 a violation, from 15 on a doubt. With the numbers of the cards that show some.

CREATE OR REPLACE TEMP VIEW numbers AS
SELECT key, 'NR-15b' AS card, least, most, CASE WHEN law = 100 THEN 30 END AS required FROM comment
UNION ALL SELECT key, 'NR-16e', least, most, CASE WHEN law = 100 THEN 7 END FROM hearings
UNION ALL
SELECT key, 'NR-26b', review.least, review.most, CASE WHEN law = 100 THEN 7 END FROM review JOIN review_first USING (key)
UNION ALL SELECT key, 'NR-03e2', least, most, CASE WHEN law = 100 THEN 0 END FROM listings
UNION ALL SELECT key, 'QZ-1', fewest, fewest_hi, 5 FROM experts
UNION ALL
SELECT p.key, 'NR-32a',
    CASE WHEN taken > 0 THEN shown_least(least_length(late, finish, last, finish_on.counted - late_counted), longest) END,
    CASE WHEN taken > 0 THEN longest END,
    CASE WHEN sure THEN 20 END
FROM (
    SELECT *, CASE WHEN end_begun THEN end_last ELSE far() END AS last,
        finishing(end_first, CASE WHEN end_begun THEN end_last ELSE far() END, end_past) AS finish FROM publications
    WHERE key IN (SELECT key FROM judged WHERE "NR-32a" > 0)
) AS p
    JOIN calendar AS finish_on ON finish_on.day = in_calendar(finish)
    JOIN calendar AS last_on ON last_on.day = in_calendar(last),
    LATERAL (SELECT most_length(early, last, last_on.counted - early_before) AS longest);

CREATE OR REPLACE TEMP VIEW numbered AS
SELECT id, card, code, closed(least)::INTEGER AS actual_lo, closed(most)::INTEGER AS actual_hi, required::INTEGER AS required
FROM (
    SELECT key, id, 'NR-03e2' AS card, "NR-03e2" AS code FROM judged WHERE "NR-03e2" > 0
    UNION ALL SELECT key, id, 'NR-15b' AS card, "NR-15b" AS code FROM judged WHERE "NR-15b" > 0
    UNION ALL SELECT key, id, 'NR-16e' AS card, "NR-16e" AS code FROM judged WHERE "NR-16e" > 0
    UNION ALL SELECT key, id, 'NR-26b' AS card, "NR-26b" AS code FROM judged WHERE "NR-26b" > 0
    UNION ALL SELECT key, id, 'NR-32a' AS card, "NR-32a" AS code FROM judged WHERE "NR-32a" > 0
    UNION ALL SELECT key, id, 'QZ-1' AS card, "QZ-1" AS code FROM judged WHERE "QZ-1" > 0
) LEFT JOIN numbers USING (key, card);

CREATE OR REPLACE TEMP VIEW others AS
SELECT id, 'NR-12a' AS card, "NR-12a" AS code FROM judged WHERE "NR-12a" > 0
UNION ALL SELECT id, 'NR-12b' AS card, "NR-12b" AS code FROM judged WHERE "NR-12b" > 0
UNION ALL SELECT id, 'NR-13a' AS card, "NR-13a" AS code FROM judged WHERE "NR-13a" > 0
UNION ALL SELECT id, 'NR-14a' AS card, "NR-14a" AS code FROM judged WHERE "NR-14a" > 0
UNION ALL SELECT id, 'NR-15a' AS card, "NR-15a" AS code FROM judged WHERE "NR-15a" > 0
UNION ALL SELECT id, 'NR-15a2' AS card, "NR-15a2" AS code FROM judged WHERE "NR-15a2" > 0
UNION ALL SELECT id, 'NR-16a' AS card, "NR-16a" AS code FROM judged WHERE "NR-16a" > 0
UNION ALL SELECT id, 'NR-17a' AS card, "NR-17a" AS code FROM judged WHERE "NR-17a" > 0
UNION ALL SELECT id, 'NR-17a2' AS card, "NR-17a2" AS code FROM judged WHERE "NR-17a2" > 0
UNION ALL SELECT id, 'NR-18' AS card, "NR-18" AS code FROM judged WHERE "NR-18" > 0
UNION ALL SELECT id, 'NR-19a' AS card, "NR-19a" AS code FROM judged WHERE "NR-19a" > 0
UNION ALL SELECT id, 'NR-19b' AS card, "NR-19b" AS code FROM judged WHERE "NR-19b" > 0
UNION ALL SELECT id, 'NR-19b2' AS card, "NR-19b2" AS code FROM judged WHERE "NR-19b2" > 0
UNION ALL SELECT id, 'NR-20b' AS card, "NR-20b" AS code FROM judged WHERE "NR-20b" > 0
UNION ALL SELECT id, 'NR-20c' AS card, "NR-20c" AS code FROM judged WHERE "NR-20c" > 0
UNION ALL SELECT id, 'NR-22a' AS card, "NR-22a" AS code FROM judged WHERE "NR-22a" > 0
UNION ALL SELECT id, 'NR-23a' AS card, "NR-23a" AS code FROM judged WHERE "NR-23a" > 0
UNION ALL SELECT id, 'NR-23a2' AS card, "NR-23a2" AS code FROM judged WHERE "NR-23a2" > 0
UNION ALL SELECT id, 'NR-24' AS card, "NR-24" AS code FROM judged WHERE "NR-24" > 0
UNION ALL SELECT id, 'NR-25a' AS card, "NR-25a" AS code FROM judged WHERE "NR-25a" > 0
UNION ALL SELECT id, 'NR-25b' AS card, "NR-25b" AS code FROM judged WHERE "NR-25b" > 0
UNION ALL SELECT id, 'NR-27' AS card, "NR-27" AS code FROM judged WHERE "NR-27" > 0
UNION ALL SELECT id, 'NR-28b' AS card, "NR-28b" AS code FROM judged WHERE "NR-28b" > 0
UNION ALL SELECT id, 'NR-28c3' AS card, "NR-28c3" AS code FROM judged WHERE "NR-28c3" > 0
UNION ALL SELECT id, 'NR-29a' AS card, "NR-29a" AS code FROM judged WHERE "NR-29a" > 0
UNION ALL SELECT id, 'NR-29e' AS card, "NR-29e" AS code FROM judged WHERE "NR-29e" > 0
UNION ALL SELECT id, 'NR-29f' AS card, "NR-29f" AS code FROM judged WHERE "NR-29f" > 0
UNION ALL SELECT id, 'NR-30a' AS card, "NR-30a" AS code FROM judged WHERE "NR-30a" > 0
UNION ALL SELECT id, 'NR-30b' AS card, "NR-30b" AS code FROM judged WHERE "NR-30b" > 0
UNION ALL SELECT id, 'NR-31' AS card, "NR-31" AS code FROM judged WHERE "NR-31" > 0
UNION ALL SELECT id, 'NR-33g' AS card, "NR-33g" AS code FROM judged WHERE "NR-33g" > 0
UNION ALL SELECT id, 'SH-06c' AS card, "SH-06c" AS code FROM judged WHERE "SH-06c" > 0
UNION ALL SELECT id, 'SH-06d' AS card, "SH-06d" AS code FROM judged WHERE "SH-06d" > 0
UNION ALL SELECT id, 'SH-06e' AS card, "SH-06e" AS code FROM judged WHERE "SH-06e" > 0;

CREATE OR REPLACE TEMP VIEW findings AS
SELECT id, card::card AS card, CASE WHEN code < 10 THEN 'violated' ELSE 'undetermined' END::verdict AS verdict,
    CASE code WHEN 1 THEN 'missing' WHEN 2 THEN 'late' WHEN 3 THEN 'overdue' WHEN 4 THEN 'too_short'
              WHEN 5 THEN 'out_of_order' WHEN 6 THEN 'defective' WHEN 7 THEN 'inconsistent'
              WHEN 15 THEN 'same_day_order' WHEN 16 THEN 'moment_not_exact' WHEN 17 THEN 'evidence_missing'
              WHEN 18 THEN 'determination_missing' END::reason AS reason,
    actual_lo, actual_hi, required
FROM (FROM numbered UNION ALL BY NAME FROM others);
