package dev.myrmidon.engine.each;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The items that earlier runs with the same journal left to do.
///
/// Ends early when the input is not the one the journal knows. What was handed out before is right all the
/// same: a line counts as done only if it is the line that was done.
final class RemainingItems implements ItemSource {
    private final ItemSource items;
    private final Journal journal;
    private final Tally tally;
    private final BooleanSupplier running;
    private final Consumer<String> onChanged;
    private long sequence;
    private long lastLine;

    /// @param running false when nobody wants the next item any more
    /// @param onChanged told in a line, once, that the input has changed, and how
    RemainingItems(
            ItemSource items, Journal journal, Tally tally, BooleanSupplier running, Consumer<String> onChanged) {
        this.items = items;
        this.journal = journal;
        this.tally = tally;
        this.running = running;
        this.onChanged = onChanged;
    }

    @Override
    public @Nullable Item next() throws IOException {
        while (running.getAsBoolean()) {
            Item item = items.next();
            if (item == null) {
                if (lastLine < journal.knownLines()) {
                    onChanged.accept("the input has changed: it ends at line " + lastLine + ", and line "
                            + journal.knownLines() + " is done");
                }
                return null;
            }
            lastLine = item.line();
            switch (journal.look(item)) {
                case UNKNOWN -> {
                    return item.numbered(sequence++);
                }
                case DONE -> tally.skip();
                case CHANGED -> {
                    onChanged.accept("the input has changed: " + item + " isn't what was line " + item.line()
                            + " when that was done");
                    return null;
                }
            }
        }
        return null;
    }
}
