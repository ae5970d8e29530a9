package dev.myrmidon.engine.internal.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the word that was meant.
public final class Nearest {
    private Nearest() {}

    /// The one of these that is nearest to what was written; null if none is near. Case, dashes and underscores
    /// don't count.
    public static @Nullable String to(String written, List<String> keys) {
        String wanted = plain(written);
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String key : keys) {
            int distance = distance(wanted, plain(key));
            if (distance < least) {
                best = key;
                least = distance;
            }
        }
        // Of a word of one or two letters, one edit makes any other.
        if (least <= (wanted.length() < 3 ? 0 : Math.max(1, wanted.length() / 4))) {
            return best;
        }
        return keys.stream()
                .filter(key -> wanted.length() >= 3 && plain(key).startsWith(wanted))
                .findFirst()
                .orElse(null);
    }

    private static String plain(String key) {
        return key.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one text of the other.
    private static int distance(String a, String b) {
        // No key is that long; this keeps a key of a megabyte from costing a table of its size.
        if (Math.abs(a.length() - b.length()) > b.length()) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
