-- One row per finding; `code` 1 to 7 a violation, from 15 on a doubt; with the numbers of the cards that show some.

CREATE OR REPLACE TEMP TABLE listed AS
SELECT key, id, card, code FROM (UNPIVOT judged ON COLUMNS(* EXCLUDE (key, id)) INTO NAME card VALUE code) WHERE code > 0;

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
    WHERE key IN (SELECT key FROM listed WHERE card = 'NR-32a')
) AS p
    JOIN calendar AS finish_on ON finish_on.day = in_calendar(finish)
    JOIN calendar AS last_on ON last_on.day = in_calendar(last),
    LATERAL (SELECT most_length(early, last, last_on.counted - early_before) AS longest);

CREATE OR REPLACE TEMP VIEW findings AS
SELECT id, card,
    CASE WHEN code < 10 THEN 'violated' ELSE 'undetermined' END AS verdict,
    CASE code WHEN 1 THEN 'missing' WHEN 2 THEN 'late' WHEN 3 THEN 'overdue' WHEN 4 THEN 'too_short'
              WHEN 5 THEN 'out_of_order' WHEN 6 THEN 'defective' WHEN 7 THEN 'inconsistent'
              WHEN 15 THEN 'same_day_order' WHEN 16 THEN 'moment_not_exact' WHEN 17 THEN 'evidence_missing'
              WHEN 18 THEN 'determination_missing' END AS reason,
    closed(least)::INTEGER AS actual_lo, closed(most)::INTEGER AS actual_hi, required::INTEGER AS required
FROM listed LEFT JOIN numbers USING (key, card);
