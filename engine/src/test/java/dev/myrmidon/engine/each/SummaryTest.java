package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SummaryTest {
    @Test
    void countsAndBalances() {
        Tally tally = new Tally();
        for (int i = 0; i < 7; i++) {
            tally.submit();
        }
        tally.end(Status.COMPLETED);
        tally.end(Status.COMPLETED);
        tally.end(Status.FAILED);
        tally.end(Status.TIMED_OUT);
        tally.end(Status.CANCELLED);
        tally.reject();
        Summary summary = tally.summary(2_500_000_000L);

        assertThat(summary.pending()).isEqualTo(1);
        assertThat(summary.good()).isFalse();
        assertThat(summary.closed())
                .hasToString("submitted=7 completed=2 failed=2 cancelled=2 rejected=1 elapsed=2.500s rate=1.6/s");
        tally.retry();
        assertThat(tally.summary(0).closed().toString()).contains(" rejected=1 retries=1 elapsed=");
    }

    @Test
    void saysHowManyEarlierRunsDid() {
        Tally tally = new Tally();
        tally.skip();
        tally.skip();
        tally.submit();
        tally.end(Status.COMPLETED);
        Summary summary = tally.summary(1_000_000_000L);

        assertThat(summary.good()).isTrue();
        assertThat(summary.closed())
                .hasToString(
                        "submitted=1 completed=1 failed=0 cancelled=0 rejected=0 skipped=2 elapsed=1.000s rate=1.0/s");
    }

    @Test
    void isGoodWithoutItems() {
        Summary summary = new Tally().summary(0);

        assertThat(summary.good()).isTrue();
        assertThat(summary)
                .hasToString("submitted=0 completed=0 failed=0 cancelled=0 rejected=0 elapsed=0.000s rate=0.0/s");
    }
}
