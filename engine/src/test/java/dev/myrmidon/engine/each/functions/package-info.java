/// Functions for `each --function`, good and bad.
package dev.myrmidon.engine.each.functions;
