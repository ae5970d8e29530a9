/// What proves the pool right under load: the races' runner, the soak, and the measurement of fairness.
@NullMarked
package dev.myrmidon.stress;

import org.jspecify.annotations.NullMarked;
