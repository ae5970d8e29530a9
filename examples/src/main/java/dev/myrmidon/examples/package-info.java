/// Recipes: each class shows one thing, has a `main`, and prints a few lines that are always the same.
///
/// | to | read |
/// |---|---|
/// | run tasks, with a result or without | [SubmitTasks] |
/// | apply one function to many arguments | [ApplyOneFunction] |
/// | apply a function to many items, get results in order and every error | [MapItems] |
/// | take results as they come, and only as many as needed | [StreamAsCompleted] |
/// | wait for a few tasks of a pool that others use too, and fail fast | [AwaitAGroup] |
/// | do it with the JDK's `invokeAll` | [RunABatch] |
/// | wait for room, but not too long | [WaitForRoomAtMost] |
/// | wait for a result, but not too long, and stop the task | [CancelWhenTooSlow] |
/// | run tasks later, once or again and again | [RunLater] |
/// | submit tasks from inside tasks | [SubmitInsideATask] |
/// | take the submitter's context along | [PropagateContext] |
/// | change the capacity while tasks run | [ResizeWhileRunning] |
/// | slow down whoever submits too much | [WaitWhenFull], [CallerRunsWhenFull] |
/// | refuse what is too much | [RefuseWhenFull] |
/// | keep the newest and drop the oldest | [DropOldestWhenFull] |
/// | decide yourself what happens to what is too much | [HandleWhenFull] |
/// | read what a pool is doing | [ReadStats] |
/// | close with a deadline, and learn what was lost | [CloseWithReport] |
/// | use a pool where an executor is asked for | [ChainFutures], [ServeHttp] |
/// | configure pools in a file | [LoadFromConfig] |
///
/// Where a recipe needs a task that takes long, the task waits for a `CompletableFuture` that the recipe
/// completes later. So it takes exactly as long as the recipe needs.
///
/// After `./mvnw package`, Java 25 runs each of them from its source, in the folder of the project:
///
/// ```
/// java -p engine/target/dist/lib:context/target/myrmidon-context-0.1.0.jar \
///     examples/src/main/java/dev/myrmidon/examples/SubmitTasks.java
/// ```
@NullMarked
package dev.myrmidon.examples;

import org.jspecify.annotations.NullMarked;
