-- Words of the query. A truth is a TINYINT: 0 no, 100 yes, between them the reason why one cannot tell, so that "or" is
-- greatest(), and max() over rounds. Moments are minutes since 1970, days are days since 1970; never() has not happened.

-- Beside them stand, by the question: as_of_day(), the last minute of that day, and the time of knowing in seconds.

CREATE MACRO never() AS 2016000000;
CREATE MACRO long_ago() AS -2016000000;
CREATE MACRO far() AS 1400000;
CREATE MACRO widest() AS 5600000;

-- Doubts: 5 the order on one day, 6 a moment that is not exact, 7 evidence missing, 8 a determination missing.

CREATE MACRO decided(yes, no, doubt) AS CASE WHEN yes THEN 100::TINYINT WHEN no THEN 0 ELSE doubt END;
CREATE MACRO opposite(t) AS CASE WHEN t = 0 THEN 100::TINYINT WHEN t = 100 THEN 0 ELSE t END;
CREATE MACRO both_of(a, b) AS
    CASE WHEN a = 100 THEN b WHEN a = 0 OR b = 100 THEN a WHEN b = 0 THEN 0::TINYINT ELSE greatest(a, b) END;
CREATE MACRO all_three(a, b, c) AS
    CASE WHEN a = 100 THEN both_of(b, c) WHEN least(a, b, c) = 0 THEN 0::TINYINT
         ELSE greatest(a, b % 100::TINYINT, c % 100::TINYINT) END;
CREATE MACRO every_round(t) AS CASE WHEN min(t) IN (0, 100) THEN min(t) ELSE max(t % 100::TINYINT) END;

-- What is seen of moments on the as-of day, and of what a round says beside them.

CREATE MACRO cut(minute) AS CASE WHEN minute <= last_minute() THEN minute ELSE never() END;
CREATE MACRO stands_in(lo, announced_hi) AS coalesce(lo, never()) > last_minute() AND announced_hi <= last_minute();
CREATE MACRO shown(value, lo, written) AS CASE WHEN lo < never() OR written IS NULL THEN value END;
CREATE MACRO happened(lo, hi) AS CASE WHEN hi < never() THEN 100::TINYINT WHEN lo < never() THEN 6 ELSE 0 END;
CREATE MACRO before(lo, hi, other_lo, other_hi) AS
    CASE WHEN hi < never() AND hi <= other_lo THEN 100::TINYINT
         WHEN lo >= never() OR lo > other_hi THEN 0
         WHEN least(lo, other_lo) // 1440 = greatest(hi, other_hi) // 1440 THEN 5
         ELSE 6 END;
CREATE MACRO says(flag) AS CASE WHEN flag = 1 THEN 100::TINYINT WHEN flag IS NULL THEN 7 ELSE 0 END;
CREATE MACRO fits(condition) AS CASE WHEN condition THEN 100::TINYINT WHEN condition IS NULL THEN 7 ELSE 0 END;
CREATE MACRO holds(bits, wanted) AS
    CASE WHEN bits IS NULL THEN 7::TINYINT WHEN bits & wanted = wanted THEN 100 ELSE 0 END;
CREATE MACRO same_draft(one, other) AS
    CASE WHEN one > 0 AND other > 0 THEN CASE WHEN one = other THEN 100::TINYINT ELSE 0 END
         WHEN one = 0 OR other = 0 THEN 7 ELSE 6 END;

-- Which round is the first or the last: in order as far as beginnings do not overlap. Where several may be it, its
-- moments span theirs, and an answer on which they disagree is not known.

CREATE MACRO agreed(t, among) AS
    CASE WHEN min(t) FILTER (among) = max(t) FILTER (among) THEN min(t) FILTER (among)
         ELSE greatest(
             max(t % 100::TINYINT) FILTER (among),
             CASE WHEN min(begun_lo) FILTER (among) // 1440 = max(begun_hi) FILTER (among) // 1440 THEN 5::TINYINT
                  ELSE 6 END) END;
CREATE MACRO agreed_draft(draft, among) AS
    CASE WHEN min(draft) FILTER (among) = max(draft) FILTER (among) THEN min(draft) FILTER (among) ELSE -1 END;

-- Whether an act was done under a regulation: its day is that of the first moment that took place, else the next one
-- that the card names (`otherwise`: what that says), else today, which is under all of them.

CREATE MACRO decree() AS 26121600;        -- 2019-09-01
CREATE MACRO of_shanghai() AS 26648640;   -- 2020-09-01
CREATE MACRO under(since, lo, hi, otherwise) AS
    CASE WHEN lo IS NULL OR lo >= never() THEN otherwise
         WHEN lo >= since AND (hi < never() OR otherwise = 100) THEN 100::TINYINT
         WHEN hi < since THEN 0 ELSE 6 END;

-- Moments as days, the future included: of one that has not happened, from today until its announced or planned day.

CREATE MACRO first_day(lo) AS CASE WHEN lo < never() THEN lo // 1440 ELSE as_of_day() END;
CREATE MACRO last_day(hi, until) AS CASE WHEN hi < never() THEN hi // 1440 ELSE until END;
CREATE MACRO still_to_come(minute) AS
    CASE WHEN minute < never() AND minute > last_minute() THEN minute // 1440 ELSE far() END;
CREATE MACRO to_come(lo, written_hi, named) AS
    CASE WHEN lo < never() THEN least(coalesce(written_hi, never()) // 1440, far()) ELSE still_to_come(named) END;
CREATE MACRO finishing(f, l, past) AS CASE WHEN past OR l >= far() THEN f ELSE l END;
CREATE MACRO bounded(day) AS day < far() AND day > -far();
CREATE MACRO why_inexact(start_first, start_last, start_past, end_first, end_last, end_past, sure) AS
    CASE WHEN (NOT start_past AND start_last >= far()) OR (NOT end_past AND end_last >= far()) THEN 7::TINYINT
         WHEN NOT start_past OR NOT end_past OR start_first <> start_last OR end_first <> end_last THEN 6
         WHEN sure THEN 3 ELSE 6 END;
CREATE MACRO least_length(start_last, finish, end_last, counted) AS
    CASE WHEN bounded(start_last) AND bounded(finish) THEN counted
         WHEN greatest(least(finish, far()), -far()) > greatest(least(start_last, far()), -far()) THEN 0
         ELSE -far() END;
CREATE MACRO most_length(start_first, end_last, counted) AS
    CASE WHEN bounded(start_first) AND bounded(end_last) THEN least(counted, far())
         WHEN end_last < start_first THEN 0 ELSE far() END;
CREATE MACRO shown_least(shortest, longest) AS CASE WHEN longest >= 0 THEN greatest(shortest, 0) ELSE shortest END;
CREATE MACRO closed(length) AS CASE WHEN abs(length) < far() // 2 THEN length END;

-- From truths to what is told: 0 nothing, 1 to 7 a violation, 15 to 18 a doubt of the record's.

CREATE MACRO told(t) AS CASE WHEN t BETWEEN 5 AND 8 THEN t + 10::TINYINT ELSE 0::TINYINT END;
CREATE MACRO finding(applies, met, settled, excused, ended, violation) AS
    CASE WHEN applies < 100 THEN told(applies)
         WHEN met = 100 OR excused = 100 THEN 0::TINYINT
         WHEN met = 0 THEN CASE WHEN excused = 0 THEN violation ELSE told(excused) END
         WHEN settled = 0 THEN told(ended)
         ELSE told(met) END;

-- What is not met before a gate is passed may yet come; `excused` by an exception.

CREATE MACRO unmet_when_due(met, due, excused, ended, violation) AS
    CASE WHEN due = 100 THEN CASE WHEN met > 0 THEN told(met) WHEN excused = 0 THEN violation ELSE told(excused) END
         WHEN due = 0 THEN told(ended)
         ELSE told(greatest(met, 6::TINYINT)) END;
CREATE MACRO finding_when_due(applies, met, due, ended, violation) AS
    CASE WHEN applies < 100 THEN told(applies) WHEN met = 100 THEN 0::TINYINT
         ELSE unmet_when_due(met, due, 0, ended, violation) END;
CREATE MACRO finding_unless(applies, met, due, excused, ended, violation) AS
    CASE WHEN applies < 100 THEN told(applies) WHEN met = 100 OR excused = 100 THEN 0::TINYINT
         ELSE unmet_when_due(met, due, excused, ended, violation) END;
CREATE MACRO missing_or_out_of_order(done) AS CASE WHEN done = 0 THEN 1::TINYINT ELSE 5 END;
CREATE MACRO beside_root(code, root) AS
    CASE WHEN root BETWEEN 1 AND 7 OR (root > 0 AND code > 7) THEN 0::TINYINT ELSE code END;

-- A determination counts once it was made and entered, with a reason.

CREATE MACRO truth(value, day_hi, entered) AS
    CASE WHEN value IN (0, 1) AND coalesce(day_hi, long_ago()) <= last_minute()
              AND coalesce(entered, 0) <= known_at() THEN (value * 100)::TINYINT
         ELSE 8 END;
CREATE MACRO more_than_none(number) AS
    CASE WHEN number IS NULL THEN 7::TINYINT WHEN number > 0 THEN 100 ELSE 0 END;

-- Working days: where a day, or the place of a working day, stands in the calendar, which ends on both sides.

CREATE MACRO in_calendar(day) AS greatest(least(day, 20818), 0);
CREATE MACRO on_list(place) AS greatest(least(place, 1994), 1);
CREATE MACRO standing(since, since_counted, stop_counted) AS
    CASE WHEN since < far() THEN greatest(stop_counted - since_counted, 0) ELSE 0 END;
CREATE MACRO where_inside(inside, t) AS CASE WHEN inside THEN t ELSE 0::TINYINT END;

-- What findings say.

CREATE TYPE card AS ENUM (
    'NR-03e2', 'NR-12a', 'NR-12b', 'NR-13a', 'NR-14a', 'NR-15a', 'NR-15a2', 'NR-15b', 'NR-16a', 'NR-16e',
    'NR-17a', 'NR-17a2', 'NR-18', 'NR-19a', 'NR-19b', 'NR-19b2', 'NR-20b', 'NR-20c', 'NR-22a', 'NR-23a',
    'NR-23a2', 'NR-24', 'NR-25a', 'NR-25b', 'NR-26b', 'NR-27', 'NR-28b', 'NR-28c3', 'NR-29a', 'NR-29e',
    'NR-29f', 'NR-30a', 'NR-30b', 'NR-31', 'NR-32a', 'NR-33g', 'SH-06c', 'SH-06d', 'SH-06e', 'QZ-1');
CREATE TYPE verdict AS ENUM ('violated', 'undetermined');
CREATE TYPE reason AS ENUM (
    'missing', 'late', 'overdue', 'too_short', 'out_of_order', 'defective', 'inconsistent', 'same_day_order',
    'moment_not_exact', 'evidence_missing', 'determination_missing');
