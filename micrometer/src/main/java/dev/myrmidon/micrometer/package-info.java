/// The numbers of a pool as meters of Micrometer.
@NullMarked
package dev.myrmidon.micrometer;

import org.jspecify.annotations.NullMarked;
