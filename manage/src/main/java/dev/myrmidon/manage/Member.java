package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A pool in a registry. All but what never changes is guarded by the registry's lock.
final class Member {
    final Pool pool;
    /// Counts up from the first pool of the registry.
    final long number;
    /// What this pool's tasks submit into; without cycles.
    final Set<Member> feeds = new LinkedHashSet<>();

    final Set<Member> fedBy = new LinkedHashSet<>();
    /// True once the listeners are to hear that it has gone.
    boolean gone;

    Member(Pool pool, long number) {
        this.pool = pool;
        this.number = number;
    }

    String name() {
        return pool.config().name();
    }

    void unlink() {
        feeds.forEach(fed -> fed.fedBy.remove(this));
        fedBy.forEach(feeder -> feeder.feeds.remove(this));
    }

    /// The way along which tasks go from this pool to another; empty if there is none.
    List<Member> wayTo(Member target) {
        Map<Member, @Nullable Member> from = new HashMap<>();
        Deque<Member> unexplored = new ArrayDeque<>();
        from.put(this, null);
        unexplored.add(this);
        while (!unexplored.isEmpty()) {
            Member member = unexplored.remove();
            if (member == target) {
                List<Member> way = new ArrayList<>();
                for (Member step = member; step != null; step = from.get(step)) {
                    way.addFirst(step);
                }
                return way;
            }
            for (Member fed : member.feeds) {
                if (!from.containsKey(fed)) {
                    from.put(fed, member);
                    unexplored.add(fed);
                }
            }
        }
        return List.of();
    }
}
