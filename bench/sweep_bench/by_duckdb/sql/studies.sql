-- Drafting, consultation of units, expert review, risk assessment, initial review and listing in the catalogue.

CREATE OR REPLACE TEMP TABLE draftings AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, cut(researched_lo) AS researched_lo, cut(researched_hi) AS researched_hi,
        cut(drafted_lo) AS drafted_lo, cut(drafted_hi) AS drafted_hi,
        says(shown(research_done, cut(researched_lo), researched_lo)) AS research_done,
        says(shown(legal_basis_sorted, cut(drafted_lo), drafted_lo)) AS sorted
    FROM drafting WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken, max(sorted) AS sorted,
    max(greatest(before(researched_lo, researched_hi, drafted_lo, drafted_hi),
                 both_of(research_done, opposite(happened(researched_lo, researched_hi))))) AS researched,
    min(drafted_lo) FILTER (begun_lo <= coalesce(ends, never())) AS first_lo,
    max(drafted_hi) FILTER (begun_lo <= coalesce(ends, never())) AS first_hi
FROM seen LEFT JOIN several USING (key) GROUP BY key;

CREATE OR REPLACE TEMP TABLE consultations AS
WITH seen AS (
    SELECT key, cut(begun_hi) AS begun_hi, cut(asked_lo) AS lo, cut(asked_hi) AS hi,
        says(shown(affected_units_all_asked, cut(asked_lo), asked_lo)) AS all_asked
    FROM consultation WHERE begun_lo <= last_minute()
)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(both_of(all_asked, before(lo, hi, gate_lo, gate_hi))) AS in_time
FROM seen JOIN cases USING (key) GROUP BY key;

CREATE OR REPLACE TEMP TABLE expert_rounds AS
SELECT key, "row", begun_lo, cut(begun_hi) AS begun_hi, cut(completed_lo) AS lo, cut(completed_hi) AS hi, documents,
    shown(experts, cut(started_lo), started_lo) AS experts,
    shown(experts_of_the_unit, cut(started_lo), started_lo) AS own,
    says(shown(outside_experts_included, cut(started_lo), started_lo)) AS outside,
    fits(shown(conflict_declaration, cut(started_lo), started_lo) = 0) AS without_interest,
    says(shown(independent, cut(completed_lo), completed_lo)) AS independent,
    happened(cut(completed_lo), cut(completed_hi)) AS done
FROM expert_review WHERE begun_lo <= last_minute();

CREATE OR REPLACE TEMP TABLE undertakings AS
WITH later AS (
    SELECT key, round, max(hi <= last_minute()) AS surely FROM documents
    WHERE step = 8 AND bits & 8 <> 0 AND lo <= last_minute() GROUP BY key, round
), begins AS (SELECT key, min("row") AS "row" FROM expert_review GROUP BY key)
SELECT begins."row" + round AS "row", surely FROM later JOIN begins USING (key);

CREATE OR REPLACE TEMP TABLE experts AS
WITH several AS (SELECT key, min(begun_hi) AS ends FROM expert_rounds GROUP BY key HAVING count(*) > 1)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(before(lo, hi, gate_lo, gate_hi)) AS in_time, max(done) AS done,
    both_of(every_round(greatest(opposite(done), independent)), max(done)) AS independent,
    every_round(without_interest) AS without_interest,
    every_round(greatest(CASE WHEN own IS NULL THEN 7::TINYINT WHEN own = 0 THEN 100 ELSE 0 END, outside)) AS neutral,
    max(CASE WHEN coalesce(documents & 8 <> 0, false) OR surely THEN 100::TINYINT WHEN surely IS NULL THEN 0 ELSE 6 END)
        AS undertaken,
    min(coalesce(experts, 0)) AS fewest, min(coalesce(experts, far())) AS fewest_hi,
    min(lo) FILTER (begun_lo <= coalesce(ends, never())) AS first_lo,
    max(hi) FILTER (begun_lo <= coalesce(ends, never())) AS first_hi
FROM expert_rounds LEFT JOIN several USING (key) LEFT JOIN undertakings USING ("row") JOIN cases USING (key) GROUP BY key;

CREATE OR REPLACE TEMP TABLE risk_rounds AS
WITH seen AS (
    SELECT key, "row", begun_lo, cut(begun_hi) AS begun_hi, cut(completed_lo) AS lo, cut(completed_hi) AS hi, draft,
        coalesce(shown(reuses_earlier_report, cut(completed_lo), completed_lo) = 1, false) AS reuses,
        says(shown(earlier_report_covers_same_risk, cut(completed_lo), completed_lo)) AS covers,
        fits(shown(conclusion, cut(completed_lo), completed_lo) = 0) AS fine,
        says(shown(departments_heard, cut(completed_lo), completed_lo)) AS heard,
        holds(shown(report_contains, cut(completed_lo), completed_lo), 7) AS complete
    FROM risk_assessment WHERE begun_lo <= last_minute()
), several AS (
    SELECT key, min(begun_hi) AS ends, max(begun_lo) AS begins FROM seen GROUP BY key HAVING count(*) > 1
), placed AS (
    SELECT seen.*, coalesce(begun_lo <= ends, true) AS may_be_first, coalesce(begun_hi >= begins, true) AS may_be_last
    FROM seen LEFT JOIN several USING (key)
), originals AS (
    SELECT key, agreed_draft(coalesce(draft, 0), may_be_first) AS original FROM placed GROUP BY key
), judged AS (
    SELECT placed.*, issue_lo, issue_hi, before(lo, hi, gate_lo, gate_hi) AS in_time,
        before(lo, hi, issue_lo, issue_hi) AS by_then, happened(lo, hi) AS done,
        opposite(same_draft(coalesce(draft, 0), original)) AS adjusted
    FROM placed JOIN cases USING (key) JOIN originals USING (key)
)
SELECT *, both_of(fine, by_then) AS good, all_three(fine, by_then, adjusted) AS cures,
    CASE WHEN reuses THEN 0::TINYINT ELSE done END AS done_anew
FROM judged;

CREATE OR REPLACE TEMP TABLE risks AS
WITH found AS (
    SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
        max(CASE WHEN reuses THEN 0::TINYINT ELSE in_time END) AS anew,
        max(CASE WHEN reuses THEN both_of(covers, in_time) ELSE 0::TINYINT END) AS reused,
        max(done_anew) AS done,
        every_round(greatest(opposite(done_anew), heard)) AS heard,
        every_round(greatest(opposite(done_anew), complete)) AS complete,
        max(good) AS good, every_round(greatest(fine, opposite(by_then))) AS harmless,
        agreed(cures, may_be_last) AS cured, max(cures) AS cured_once,
        min(lo) FILTER (may_be_last) AS last_lo, max(hi) FILTER (may_be_last) AS last_hi,
        any_value(issue_lo) AS issue_lo, any_value(issue_hi) AS issue_hi,
        min(lo) FILTER (may_be_first) AS first_lo, max(hi) FILTER (may_be_first) AS first_hi
    FROM risk_rounds GROUP BY key
)
SELECT key, taken, anew, reused, done, both_of(heard, done) AS heard, both_of(complete, done) AS complete, first_lo, first_hi,
    greatest(both_of(good, harmless), cured, both_of(before(issue_lo, issue_hi, last_lo, last_hi), cured_once)) AS controllable
FROM found;

CREATE OR REPLACE TEMP TABLE initial AS
WITH seen AS (
    SELECT key, begun_lo, cut(begun_hi) AS begun_hi, cut(issued_lo) AS lo, cut(issued_hi) AS hi,
        fits(shown(form, cut(issued_lo), issued_lo) = 0) AS formal,
        holds(shown(aspects, cut(issued_lo), issued_lo), 7) AS complete
    FROM initial_legality_review WHERE begun_lo <= last_minute()
), several AS (SELECT key, min(begun_hi) AS ends FROM seen GROUP BY key HAVING count(*) > 1)
SELECT key, CASE WHEN max(begun_hi < never()) THEN 100::TINYINT ELSE 6 END AS taken,
    max(both_of(formal, before(lo, hi, gate_lo, gate_hi))) AS in_time, max(both_of(formal, happened(lo, hi))) AS done,
    max(all_three(formal, happened(lo, hi), complete)) AS complete,
    min(lo) FILTER (begun_lo <= coalesce(ends, never())) AS first_lo,
    max(hi) FILTER (begun_lo <= coalesce(ends, never())) AS first_hi
FROM seen LEFT JOIN several USING (key) JOIN cases USING (key) GROUP BY key;
