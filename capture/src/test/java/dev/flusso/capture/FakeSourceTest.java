package dev.flusso.capture;

/** The source made by hand keeps what is promised of the real one. */
class FakeSourceTest extends SourceContract {

    private final FakeSource fake = new FakeSource().withTable(7, "things");
    private long xid = 1000;

    FakeSourceTest() {
        fake.publication = false;
    }

    @Override
    protected Source source() {
        return fake;
    }

    private void finished() {
        xid++;
        fake.xmin = xid;
        fake.xmax = xid;
    }

    @Override
    protected void insert(String... ids) {
        fake.commit(xid, 7, ids);
        finished();
    }

    @Override
    protected void insertElsewhere() {
        fake.log += 100;
        finished();
    }

    @Override
    protected Running begin() {
        var blocker = new Blocker("transaction " + xid, "runs", "");
        fake.running.add(blocker);
        fake.slotIsMade = false;
        fake.begun = xid + 1;
        return () -> {
            fake.running.remove(blocker);
            fake.slotIsMade = true;
            finished();
        };
    }

    @Override
    protected void cut() {
        fake.cut();
    }
}
