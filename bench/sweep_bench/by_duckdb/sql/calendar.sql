-- The working days of 2019 to 2026 by the notices of the State Council: days off, and weekends that were worked.

CREATE TABLE days_off AS
SELECT unnest(generate_series(span[1]::DATE, span[2]::DATE, INTERVAL 1 DAY))::DATE AS day
FROM (SELECT unnest([
    ['2018-12-30', '2019-01-01'], ['2019-02-04', '2019-02-10'], ['2019-04-05', '2019-04-05'], ['2019-05-01', '2019-05-04'],
    ['2019-06-07', '2019-06-07'], ['2019-09-13', '2019-09-13'], ['2019-10-01', '2019-10-07'], ['2020-01-01', '2020-01-01'],
    ['2020-01-24', '2020-02-02'], ['2020-04-04', '2020-04-06'], ['2020-05-01', '2020-05-05'], ['2020-06-25', '2020-06-27'],
    ['2020-10-01', '2020-10-08'], ['2021-01-01', '2021-01-03'], ['2021-02-11', '2021-02-17'], ['2021-04-03', '2021-04-05'],
    ['2021-05-01', '2021-05-05'], ['2021-06-12', '2021-06-14'], ['2021-09-19', '2021-09-21'], ['2021-10-01', '2021-10-07'],
    ['2022-01-01', '2022-01-03'], ['2022-01-31', '2022-02-06'], ['2022-04-03', '2022-04-05'], ['2022-04-30', '2022-05-04'],
    ['2022-06-03', '2022-06-05'], ['2022-09-10', '2022-09-12'], ['2022-10-01', '2022-10-07'], ['2022-12-31', '2023-01-02'],
    ['2023-01-21', '2023-01-27'], ['2023-04-05', '2023-04-05'], ['2023-04-29', '2023-05-03'], ['2023-06-22', '2023-06-24'],
    ['2023-09-29', '2023-10-06'], ['2024-01-01', '2024-01-01'], ['2024-02-10', '2024-02-17'], ['2024-04-04', '2024-04-06'],
    ['2024-05-01', '2024-05-05'], ['2024-06-10', '2024-06-10'], ['2024-09-15', '2024-09-17'], ['2024-10-01', '2024-10-07'],
    ['2025-01-01', '2025-01-01'], ['2025-01-28', '2025-02-04'], ['2025-04-04', '2025-04-06'], ['2025-05-01', '2025-05-05'],
    ['2025-05-31', '2025-06-02'], ['2025-10-01', '2025-10-08'], ['2026-01-01', '2026-01-03'], ['2026-02-15', '2026-02-23'],
    ['2026-04-04', '2026-04-06'], ['2026-05-01', '2026-05-05'], ['2026-06-19', '2026-06-21'], ['2026-09-25', '2026-09-27'],
    ['2026-10-01', '2026-10-07']]) AS span);

CREATE TABLE days_worked AS SELECT unnest([
    '2019-02-02', '2019-02-03', '2019-04-28', '2019-05-05', '2019-09-29', '2019-10-12', '2020-01-19', '2020-04-26',
    '2020-05-09', '2020-06-28', '2020-09-27', '2020-10-10', '2021-02-07', '2021-02-20', '2021-04-25', '2021-05-08',
    '2021-09-18', '2021-09-26', '2021-10-09', '2022-01-29', '2022-01-30', '2022-04-02', '2022-04-24', '2022-05-07',
    '2022-10-08', '2022-10-09', '2023-01-28', '2023-01-29', '2023-04-23', '2023-05-06', '2023-06-25', '2023-10-07',
    '2023-10-08', '2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29',
    '2024-10-12', '2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11', '2026-01-04', '2026-02-14',
    '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])::DATE AS day;

CREATE TABLE counted_days AS
SELECT day::INTEGER AS day, sum(working::INTEGER) OVER (ORDER BY day)::INTEGER AS counted, working
FROM (
    SELECT n AS day, date '1970-01-01' + n::INTEGER AS on_date,
        on_date IN (SELECT day FROM days_worked)
            OR (isodow(on_date) < 6 AND on_date >= '2019-01-01' AND on_date NOT IN (SELECT day FROM days_off)) AS working
    FROM range(0, 20819) AS every(n));

CREATE TABLE working_days AS SELECT counted AS place, day FROM counted_days WHERE working;

-- Per day: the working days up to it and before it, and on which day the seventh and the twentieth after it fall.

CREATE TABLE calendar AS
WITH placed AS (
    SELECT day, counted, counted - working::INTEGER AS before, (SELECT max(place) FROM working_days) AS most FROM counted_days
)
SELECT placed.day, counted, before, seventh.day AS after7, twentieth.day AS after20, from_it.day AS after20_counting
FROM placed
    JOIN working_days AS seventh ON seventh.place = least(counted + 7, most)
    JOIN working_days AS twentieth ON twentieth.place = least(counted + 20, most)
    JOIN working_days AS from_it ON from_it.place = least(before + 20, most);
