/// Ready-made [task decorators][dev.myrmidon.TaskDecorator] that take the context of whoever submits a
/// task to where it runs: [dev.myrmidon.context.ContextDecorators].
@NullMarked
package dev.myrmidon.context;

import org.jspecify.annotations.NullMarked;
