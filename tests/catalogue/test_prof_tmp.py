import cProfile, pstats, time
from tests.catalogue.test_non_interference import _story, _answers, _verbs
from catalogue import datasets
def test_p(tmp_path, monkeypatch):
    monkeypatch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
    t=time.process_time()
    made = _story(tmp_path/"h", monkeypatch, hides=True)
    print("story", time.process_time()-t)
    with made.as_("priya") as visit:
        list(_answers(visit))
        line = next(datasets.datasets(visit))
        p = cProfile.Profile(); p.enable()
        t=time.process_time()
        for _ in range(20): datasets.dataset(visit, line.id)
        print("dataset", (time.process_time()-t)/20)
        p.disable()
        pstats.Stats(p).sort_stats("cumtime").print_stats(35)
        t=time.process_time()
        n = len(list(_answers(visit)))
        print(n, "answers", time.process_time()-t)
