-- The records with what is true of them alone, and the meetings and the issue, by which the gates are passed.

CREATE OR REPLACE TEMP TABLE meeting_rounds AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, draft, held_lo AS written, held_hi AS written_hi,
           held_planned_hi, cut(held_lo) AS held_lo, cut(held_hi) AS held_hi,
           shown(form, cut(held_lo), held_lo) AS form, shown(members_spoke, cut(held_lo), held_lo) AS members_spoke
    FROM collective_deliberation WHERE begun_lo <= last_minute()
), several AS (SELECT key, max(begun_lo) AS begins FROM seen GROUP BY key HAVING count(*) > 1)
SELECT seen.*, coalesce(begins <= begun_hi, true) AS may_be_last FROM seen LEFT JOIN several USING (key);

CREATE OR REPLACE TEMP TABLE cases AS
WITH counting AS (
    SELECT key, min(held_lo) AS held_lo, min(held_hi) AS held_hi,
           min(to_come(held_lo, written_hi, held_planned_hi)) AS held_last
    FROM meeting_rounds WHERE form IS NULL OR form IN (0, 1, 2) GROUP BY key
), last_meeting AS (
    SELECT key, min(held_lo) AS lo, max(held_hi) AS hi FROM meeting_rounds WHERE may_be_last GROUP BY key
), coming AS (
    SELECT key, min(held_planned_hi) // 1440 AS planned FROM collective_deliberation
    WHERE coalesce(begun_lo, never()) > last_minute() AND held_planned_hi > last_minute() GROUP BY key
), issues AS (
    SELECT key, cut(issued_lo) AS lo, cut(issued_hi) AS hi, begun_lo, cut(begun_hi) AS begun_hi
    FROM issue WHERE begun_lo <= last_minute()
), bounds AS (SELECT key, min(begun_hi) AS ends FROM issues GROUP BY key HAVING count(*) > 1
), issued AS (
    SELECT key, min(lo) AS earliest_lo, min(hi) AS earliest_hi,
           min(lo) FILTER (begun_lo <= coalesce(ends, never())) AS lo,
           max(hi) FILTER (begun_lo <= coalesce(ends, never())) AS hi
    FROM issues LEFT JOIN bounds USING (key) GROUP BY key
), judged AS (
    SELECT key, id, jurisdiction BETWEEN 1 AND 5 AS in_shanghai, jurisdiction = 7 AS in_quzhou,
        organ_level IN (3, 4) AS lower_body,
        coalesce(excluded <> 1 OR excluded_hi > last_minute(), true) AS inside,
        coalesce(special_statutes & 7, 0) = 0 AS not_displaced,
        outcome_lo <= last_minute() AND coalesce(outcome_entered, 0) <= known_at() AS has_ended,
        cut(outcome_lo) AS ended_lo, cut(outcome_hi) AS ended_hi, outcome, outcome_reasoned,
        truth(not_public, not_public_hi, not_public_entered) AS not_public,
        truth(technical, technical_hi, technical_entered) AS technical,
        truth(risk_possible, risk_possible_hi, risk_possible_entered) AS risk_possible,
        truth(units_concerned, units_concerned_hi, units_concerned_entered) AS units_concerned,
        truth(statutory_hearing, statutory_hearing_hi, statutory_hearing_entered) AS statutory_hearing
    FROM records
), placed AS (
    SELECT judged.*,
        CASE WHEN has_ended AND outcome = 0 THEN ended_lo ELSE never() END AS decided_lo,
        CASE WHEN has_ended AND outcome = 0 THEN ended_hi ELSE never() END AS decided_hi,
        CASE WHEN outcome IS NULL OR outcome = 0 OR NOT coalesce(has_ended, false) THEN 0::TINYINT
             WHEN outcome_reasoned = 1 THEN happened(ended_lo, ended_hi) ELSE 7 END AS ended,
        coalesce(counting.held_lo, never()) AS held_lo, coalesce(counting.held_hi, never()) AS held_hi,
        coalesce(held_last, far()) AS held_last, coalesce(planned, far()) AS planned,
        coalesce(earliest_lo, never()) AS earliest_lo, coalesce(earliest_hi, never()) AS earliest_hi,
        coalesce(issued.lo, never()) AS issued_lo, coalesce(issued.hi, never()) AS issued_hi,
        coalesce(last_meeting.lo, never()) AS last_held_lo, coalesce(last_meeting.hi, never()) AS last_held_hi
    FROM judged LEFT JOIN counting USING (key) LEFT JOIN last_meeting USING (key) LEFT JOIN coming USING (key)
         LEFT JOIN issued USING (key)
), gated AS (
    SELECT * EXCLUDE (held_lo, held_hi, earliest_lo, earliest_hi, has_ended, ended_lo, ended_hi, outcome,
                      outcome_reasoned),
        least(held_lo, decided_lo) AS gate_lo, least(held_hi, decided_hi) AS gate_hi,
        least(earliest_lo, decided_lo) AS issue_lo, least(earliest_hi, decided_hi) AS issue_hi
    FROM placed
)
SELECT *, first_day(gate_lo) AS gate_first, last_day(gate_hi, least(held_last, planned)) AS gate_last,
    gate_hi < never() AS gate_past, gate_lo < never() AS gate_begun,
    happened(gate_lo, gate_hi) AS discussed, happened(issue_lo, issue_hi) AS gone_out,
    happened(issued_lo, issued_hi) AS issued, happened(decided_lo, decided_hi) AS ruled,
    happened(last_held_lo, last_held_hi) AS met_last,
    under(decree(), gate_lo, gate_hi, 100) AS by_gate, under(of_shanghai(), gate_lo, gate_hi, 100) AS by_gate_here
FROM gated;
