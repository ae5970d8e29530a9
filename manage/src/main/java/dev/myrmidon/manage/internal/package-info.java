/// What modules of this project share and others don't see.
@NullMarked
package dev.myrmidon.manage.internal;

import org.jspecify.annotations.NullMarked;
