-- The legality reviews, and the clock of the time that they are given: a return starts it anew, a request stops it.

CREATE OR REPLACE TEMP TABLE review_rounds AS
SELECT key, "row", begun_lo, cut(begun_hi) AS begun_hi, draft,
    file_complete_hi AS written_hi, coalesce(file_complete_announced_hi, file_complete_planned_hi) AS named,
    cut(file_complete_lo) AS complete_lo, cut(file_complete_hi) AS complete_hi,
    cut(received_lo) AS received_lo, cut(received_hi) AS received_hi, cut(issued_lo) AS issued_lo, cut(issued_hi) AS issued_hi,
    shown(form, cut(issued_lo), issued_lo) AS form, shown(conclusion, cut(issued_lo), issued_lo) AS conclusion,
    holds(shown(aspects, cut(issued_lo), issued_lo), 7) AS complete,
    says(shown(legal_advisers_heard, cut(issued_lo), issued_lo)) AS advised
FROM legality_review WHERE begun_lo <= last_minute();

CREATE OR REPLACE TEMP TABLE review_first AS
WITH several AS (
    SELECT key, min(begun_hi) AS ends FROM review_rounds GROUP BY key HAVING count(*) > 1
), effective AS (
    SELECT key, max(begun_lo) AS begins FROM review_rounds WHERE form IS NULL OR form = 0 GROUP BY key HAVING count(*) > 1
), placed AS (
    SELECT review_rounds.*, coalesce(begun_lo <= ends, true) AS may_be_first,
        (form IS NULL OR form = 0) AND coalesce(begun_hi >= begins, true) AS may_be_effective,
        by_gate, gate_first, gate_last, gate_past, gate_begun,
        both_of(fits(conclusion = 0),
                before(review_rounds.issued_lo, review_rounds.issued_hi, last_held_lo, last_held_hi)) AS found_lawful
    FROM review_rounds JOIN cases USING (key) LEFT JOIN several USING (key) LEFT JOIN effective USING (key)
), found AS (
    SELECT key, min(complete_lo) FILTER (may_be_first) AS complete_lo, max(complete_hi) FILTER (may_be_first) AS complete_hi,
        min(issued_lo) FILTER (may_be_first) AS first_lo, max(issued_hi) FILTER (may_be_first) AS first_hi,
        CASE WHEN bool_or(may_be_effective) THEN agreed(found_lawful, may_be_effective) ELSE 0::TINYINT END AS found_lawful,
        coalesce(agreed_draft(coalesce(draft, 0), may_be_effective), 0) AS draft,
        any_value(by_gate) AS by_gate,
        any_value(gate_first) AS gate_first, any_value(gate_last) AS gate_last, any_value(gate_past) AS gate_past,
        any_value(gate_begun) AS gate_begun
    FROM placed GROUP BY key
), lawful AS (
    SELECT *, under(decree(), complete_lo, complete_hi, by_gate) AS law,
        finishing(gate_first, gate_last, gate_past) AS finish
    FROM found
)
SELECT lawful.*, ending.before AS finish_counted, latest.counted AS gate_counted
FROM lawful
    LEFT JOIN calendar AS ending ON ending.day = in_calendar(finish)
    LEFT JOIN calendar AS latest ON latest.day = in_calendar(gate_last);

-- What happened to the clocks by today, one row per round: a return or a request, and what answered it.

CREATE OR REPLACE TEMP TABLE clocks AS
WITH begins AS (SELECT key, min("row") AS "row" FROM legality_review GROUP BY key),
happenings AS (
    SELECT key, round, kind, at_lo // 1440 AS lo, at_hi // 1440 AS hi, "row" AS place FROM events
    WHERE step = 12 AND at_lo <= last_minute()
), pairs AS (
    SELECT key, round, max(kind IN (0, 1)) AS returned,
        min(lo) FILTER (kind IN (1, 2)) AS lo, max(hi) FILTER (kind IN (1, 2)) AS hi,
        min(place) FILTER (kind IN (1, 2)) AS place,
        min(lo) FILTER (kind IN (0, 3)) AS answer_lo, max(hi) FILTER (kind IN (0, 3)) AS answer_hi,
        max(place) FILTER (kind IN (0, 3)) AS answer_place
    FROM happenings GROUP BY key, round HAVING max(kind IN (1, 2))
)
SELECT begins."row" + round AS "row", returned, pairs.lo, pairs.hi,
    coalesce((lo <> answer_lo OR hi <> answer_hi)
             AND CASE WHEN place < answer_place THEN hi > answer_lo ELSE answer_hi > lo END, false) AS order_open,
    answer_lo AS any_lo, answer_hi AS any_hi,
    CASE WHEN answer_place > place THEN answer_lo END AS answer_lo, CASE WHEN answer_place > place THEN answer_hi END AS answer_hi
FROM pairs JOIN begins USING (key);

CREATE OR REPLACE TEMP TABLE counted_rounds AS
WITH dated AS (
    SELECT r.* EXCLUDE (complete_lo, complete_hi), f.law, f.law = 100 AS sure, f.gate_first, f.gate_last,
        first_day(r.complete_lo) AS early, last_day(r.complete_hi, to_come(r.complete_lo, written_hi, named)) AS late,
        r.complete_hi < never() AS past, happened(r.complete_lo, r.complete_hi) AS filed
    FROM review_rounds AS r JOIN review_first AS f USING (key)
), clocked AS (
    SELECT dated.*, k.lo, k.hi, k.returned, k.order_open, k.answer_lo, k.answer_hi,
        coalesce(k.returned AND k.lo <= gate_last, false) AS restarted,
        CASE WHEN k.order_open THEN least(k.any_lo, as_of_day()) ELSE coalesce(k.answer_lo, as_of_day()) END AS again_lo,
        CASE WHEN k.order_open THEN greatest(k.any_hi, as_of_day()) ELSE coalesce(k.answer_hi, far()) END AS again_hi,
        coalesce(NOT k.order_open AND coalesce(k.answer_hi, far()) <= as_of_day(), false) AS came_back,
        coalesce(sure AND NOT k.order_open AND k.hi <= least(gate_first, as_of_day()), false) AS surely_anew
    FROM dated LEFT JOIN clocks AS k USING ("row")
)
SELECT * EXCLUDE (early, late, past),
    CASE WHEN NOT restarted THEN early WHEN surely_anew THEN again_lo ELSE least(early, again_lo) END AS early,
    CASE WHEN NOT restarted THEN late WHEN surely_anew THEN again_hi ELSE greatest(late, again_hi) END AS late,
    CASE WHEN NOT restarted THEN past WHEN surely_anew THEN came_back ELSE past AND came_back END AS past
FROM clocked;

-- Requests for supplements: the working days that the clock stood still, and to which day that moves the seventh.

CREATE OR REPLACE TEMP TABLE pauses AS
WITH paused AS (
    SELECT "row", lo, hi, early, late, gate_first, gate_last,
        CASE WHEN order_open THEN lo ELSE coalesce(answer_lo, as_of_day()) END AS stop_lo,
        CASE WHEN order_open THEN greatest(coalesce(answer_hi, as_of_day()), as_of_day())
             ELSE coalesce(answer_hi, as_of_day()) END AS stop_hi
    FROM counted_rounds WHERE NOT returned
), counted AS (
    SELECT paused.*, a.after7 AS seventh_early, b.after7 AS seventh_late, a.counted AS early_counted, b.counted AS late_counted,
        standing(greatest(hi, early), since_hi_early.counted, stop_a.counted) AS pause_least,
        standing(greatest(lo, late), since_lo_late.counted, stop_b.counted) AS pause_most,
        standing(greatest(hi, late), since_hi_late.counted, stop_c.counted) AS stood_least,
        standing(greatest(lo, early), since_lo_early.counted, stop_d.counted) AS stood_most
    FROM paused
        JOIN calendar AS a ON a.day = in_calendar(early) JOIN calendar AS b ON b.day = in_calendar(late)
        JOIN calendar AS since_hi_early ON since_hi_early.day = in_calendar(greatest(hi, early))
        JOIN calendar AS since_lo_late ON since_lo_late.day = in_calendar(greatest(lo, late))
        JOIN calendar AS since_hi_late ON since_hi_late.day = in_calendar(greatest(hi, late))
        JOIN calendar AS since_lo_early ON since_lo_early.day = in_calendar(greatest(lo, early))
        JOIN calendar AS stop_a ON stop_a.day = in_calendar(stop_lo)
        JOIN calendar AS stop_b ON stop_b.day = in_calendar(stop_hi)
        JOIN calendar AS stop_c ON stop_c.day = in_calendar(least(stop_lo, gate_first))
        JOIN calendar AS stop_d ON stop_d.day = in_calendar(least(stop_hi, gate_last))
)
SELECT "row", stood_least, stood_most, moved_early.day AS seventh_early, moved_late.day AS seventh_late
FROM counted
    JOIN working_days AS moved_early ON moved_early.place = on_list(
        early_counted + 7 + CASE WHEN greatest(hi, early) < counted.seventh_early THEN pause_least ELSE 0 END)
    JOIN working_days AS moved_late ON moved_late.place = on_list(
        late_counted + 7 + CASE WHEN greatest(lo, late) < counted.seventh_late THEN pause_most ELSE 0 END);

CREATE OR REPLACE TEMP TABLE review AS
WITH counted AS (
    SELECT r.* EXCLUDE (law), f.* EXCLUDE (key, law, gate_first, gate_last, draft, complete_lo, complete_hi),
        c.gate_lo, c.gate_hi,
        fits(form = 0) AS formal, happened(r.issued_lo, r.issued_hi) AS done,
        coalesce(p.seventh_early, a.after7) AS seventh_early, coalesce(p.seventh_late, b.after7) AS seventh_late,
        CASE WHEN sure THEN a.counted ELSE a.before END AS early_counted, b.counted AS late_counted,
        coalesce(stood_most, 0) AS stood_most, CASE WHEN sure THEN coalesce(stood_least, 0) ELSE 0 END AS stood_least
    FROM counted_rounds AS r JOIN review_first AS f USING (key) JOIN cases AS c USING (key)
        LEFT JOIN calendar AS a ON a.day = in_calendar(early) LEFT JOIN calendar AS b ON b.day = in_calendar(late)
        LEFT JOIN pauses AS p USING ("row")
), measured AS (
    SELECT *, greatest(filed, formal) AS owed,
        CASE WHEN sure AND past AND gate_begun THEN gate_first - seventh_late - 1 ELSE -widest() END AS surely,
        CASE WHEN sure AND past THEN gate_last - seventh_early ELSE widest() END AS perhaps,
        most_length(early, gate_last, gate_counted - early_counted - stood_least) AS longest,
        least_length(late, finish, gate_last, finish_counted - late_counted - stood_most) AS shortest,
        before(issued_lo, issued_hi, gate_lo, gate_hi) AS in_time
    FROM counted
), doubted AS (
    SELECT *, CASE WHEN surely < 0 AND perhaps >= 0
                   THEN why_inexact(early, late, past, gate_first, gate_last, gate_past, sure) ELSE 0::TINYINT END AS inexact
    FROM measured
)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken, max(owed) AS owed,
    max(both_of(formal, in_time)) AS reviewed, max(both_of(formal, done)) AS done,
    max(all_three(formal, done, complete)) AS complete,
    max(all_three(formal, done, advised)) AS advised,
    max(both_of(opposite(formal), greatest(in_time, both_of(before(received_lo, received_hi, gate_lo, gate_hi), opposite(done)))))
        AS replaced,
    max(CASE WHEN owed = 100 THEN surely ELSE -widest() END) AS surely,
    max(CASE WHEN owed > 0 THEN perhaps ELSE -widest() END) AS perhaps,
    max(CASE WHEN owed = 0 THEN 0::TINYINT WHEN owed = 100 THEN inexact ELSE greatest(owed, inexact) END) AS doubt,
    max(CASE WHEN owed = 100 THEN shown_least(shortest, longest) ELSE -widest() END) AS least,
    max(CASE WHEN owed > 0 THEN longest ELSE -widest() END) AS most
FROM doubted GROUP BY key;
