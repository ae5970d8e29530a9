/// Alarms: rules on the samples of pools and of the JVM, and those who are told.
///
/// [dev.myrmidon.manage.alarm.Alarms] puts them together.
@NullMarked
package dev.myrmidon.manage.alarm;

import org.jspecify.annotations.NullMarked;
