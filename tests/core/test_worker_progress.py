from core.worker.progress import Progress, Verdict, verdict

LIMIT = 70


def progress_after(*reports, lease=200):
    """Reports are (second, text); the cluster started and came up at second 0."""
    progress = Progress(0, lease_seconds=lease)
    progress.note("guarded", 0)
    for second, text in reports:
        progress.note(text, second)
    return progress


def judged(progress, now):
    return verdict(now, moved_at=progress.moved_at, guarded_at=progress.guarded_at, limit=LIMIT)


def guarded_until(second):
    return (second, "guarded")


def test_a_cluster_that_asks_with_empty_hands_is_well():
    assert judged(progress_after((300, "asked"), guarded_until(300)), 301) is Verdict.WELL


def test_work_in_hand_that_is_never_finished_is_a_freeze():
    frozen = progress_after((10, "took a"), (50, "asked"), (79, "asked"), guarded_until(81))

    assert judged(frozen, 80) is Verdict.WELL
    assert judged(frozen, 81) is Verdict.STALLED


def test_taking_more_proves_nothing():
    frozen = progress_after((10, "took a"), (60, "took b"), (80, "took c"), guarded_until(81))

    assert judged(frozen, 81) is Verdict.STALLED


def test_a_job_that_takes_all_its_time_is_no_freeze():
    busy = progress_after((10, "took a"), (11, "took b"), guarded_until(79))

    assert judged(busy, 79) is Verdict.WELL


def test_every_finished_job_starts_the_clock_again():
    busy = progress_after((10, "took a"), (11, "took b"), (70, "done a"), guarded_until(140))

    assert judged(busy, 139) is Verdict.WELL
    assert judged(busy, 141) is Verdict.STALLED


def test_long_idleness_is_not_held_against_the_next_job():
    woken = progress_after((500, "asked"), (900, "took a"), guarded_until(960))

    assert judged(woken, 960) is Verdict.WELL


def test_a_job_whose_worker_was_killed_is_forgotten_with_its_lease():
    lost = progress_after((10, "took a"), (211, "asked"), guarded_until(211))

    assert judged(lost, 212) is Verdict.WELL
    assert lost.in_hand == {}


def test_a_pusher_that_neither_asks_nor_takes_is_a_freeze():
    assert judged(progress_after((1, "asked"), guarded_until(72)), 72) is Verdict.STALLED


def test_a_sentinel_that_stopped_guarding_is_noticed_though_jobs_flow():
    unguarded = progress_after((5, "guarded"), (80, "took a"), (80, "done a"))

    assert judged(unguarded, 80) is Verdict.UNGUARDED


def test_an_excused_cluster_starts_afresh():
    progress = progress_after((10, "took a"))

    progress.excuse(200)

    assert judged(progress, 269) is Verdict.WELL
    assert judged(progress, 271) is Verdict.STALLED


def test_only_finished_jobs_are_counted_as_finished():
    assert progress_after((1, "asked"), (2, "took a"), (3, "guarded")).finished == 0
    assert progress_after((2, "took a"), (3, "done a")).finished == 1


def test_a_cluster_may_take_a_minute_to_come_up_however_short_its_jobs_are():
    starting = Progress(0, lease_seconds=40)
    times = {"moved_at": starting.moved_at, "guarded_at": starting.guarded_at, "limit": 5}

    assert verdict(60, **times) is Verdict.WELL
    assert verdict(61, **times) is Verdict.NOT_UP


def test_the_clock_of_progress_starts_when_the_cluster_is_up():
    late = Progress(0, lease_seconds=200)

    late.note("guarded", 50)

    assert judged(late, 119) is Verdict.WELL


def test_an_excuse_does_not_bring_a_cluster_up():
    starting = Progress(0, lease_seconds=200)

    starting.excuse(30)

    assert starting.guarded_at is None
