package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalLineTest {
    private static Line.Entry entry() {
        return new Line.Entry(() -> {}, null);
    }

    @Test
    void aLineThatNotesNoArrivalsKnowsNoAge() {
        ArrivalLine line = new ArrivalLine();
        assertThat(line.longest(System.nanoTime())).isZero();
        line.addLast(entry());
        assertThat(line.longest(System.nanoTime())).isEqualTo(Line.UNKNOWN);
    }

    @Test
    void whatIsPutBackIsAsOldAsTheHeadItStandsBefore() {
        ArrivalLine line = new ArrivalLine(true);
        Line.Entry first = entry();
        line.addLast(first);
        Line.Entry back = entry();
        line.addFirst(back);
        assertThat(back.arrival).isEqualTo(first.arrival).isNotZero();
        assertThat(line.longest(first.arrival + 5)).isEqualTo(5);
        assertThat(line.longest(first.arrival - 5))
                .as("a look that came before it")
                .isZero();
    }

    @Test
    void whatComesFromAnotherLineKeepsItsArrival() {
        ArrivalLine waiting = new ArrivalLine(true);
        Line.Entry entry = entry();
        waiting.addLast(entry);
        long arrival = entry.arrival;
        assertThat(waiting.pollFirst()).isSameAs(entry);
        ArrivalLine queued = new ArrivalLine(false);
        queued.addLast(entry);
        assertThat(queued.longest(arrival + 7)).isEqualTo(7);
    }

    @Test
    void whatIsPutBackIntoAnEmptyLineArrivesNow() {
        ArrivalLine line = new ArrivalLine(true);
        Line.Entry back = entry();
        line.addFirst(back);
        assertThat(back.arrival).isNotZero();
    }
}
