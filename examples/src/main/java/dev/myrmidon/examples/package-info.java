/// Recipes: each class shows one thing, has a `main`, and prints a few lines that are always the same.
///
/// | to | read |
/// |---|---|
/// | run tasks, with a result or without | [SubmitTasks] |
/// | ask a task where it stands and how it ended | [AskATask] |
/// | apply one function to many arguments | [ApplyOneFunction] |
/// | apply a function to many items, get results in order and every error | [MapItems] |
/// | take results as they come, and only as many as needed | [StreamAsCompleted] |
/// | wait for a few tasks of a pool that others use too, and fail fast | [AwaitAGroup] |
/// | do it with the JDK's `invokeAll` | [RunABatch] |
/// | wait for room, but not too long | [WaitForRoomAtMost] |
/// | wait for a result, but not too long, and stop the task | [CancelWhenTooSlow] |
/// | stop every task that runs for too long | [TimeOutATask] |
/// | try tasks again that failed | [RetryFailedTasks] |
/// | stop calling a service that is down | [BreakTheCircuit] |
/// | call a service no more often than it allows | [LimitTheRate] |
/// | drop what could not start in time | [ShedWhenLate] |
/// | run what is urgent first | [RunByPriority] |
/// | run tasks of one account, order or file one after the other | [KeepOrderByKey] |
/// | run tasks later, once or again and again | [RunLater] |
/// | submit tasks from inside tasks | [SubmitInsideATask] |
/// | take the submitter's context along | [PropagateContext] |
/// | keep the thread locals of tasks apart | [IsolateTasks] |
/// | change the capacity while tasks run | [ResizeWhileRunning] |
/// | let the capacity follow the load | [ScaleWithLoad] |
/// | slow down whoever submits too much | [WaitWhenFull], [CallerRunsWhenFull] |
/// | refuse what is too much | [RefuseWhenFull] |
/// | keep the newest and drop the oldest | [DropOldestWhenFull] |
/// | decide yourself what happens to what is too much | [HandleWhenFull] |
/// | read what a pool is doing | [ReadStats] |
/// | hear of what happens in a pool | [ListenToEvents] |
/// | record what happens in a pool with the JVM's flight recorder | [RecordTasks] |
/// | watch pools: rates and percentiles of the last minute | [WatchPools] |
/// | find tasks that run, failed or were slow | [TrackTasks] |
/// | publish its numbers for Prometheus and others | [PublishMetrics] |
/// | hold a pool still, and wait until it is idle | [PauseAndResume] |
/// | close with a deadline, and learn what was lost | [CloseWithReport] |
/// | use a pool where an executor is asked for | [ChainFutures], [ServeHttp] |
/// | keep pools by name, and close them in the order in which they feed each other | [KeepPoolsInARegistry] |
/// | be told when a pool is in trouble, and when that is over | [RaiseAlarms] |
/// | configure pools in a file | [LoadFromConfig] |
/// | change the file while they run | [ReloadConfig] |
///
/// [dev.myrmidon.examples.service] is more than a recipe: a web shop on seven pools, with load.
///
/// Where a recipe needs a task that takes long, the task waits for a `CompletableFuture` that the recipe
/// completes later. So it takes exactly as long as the recipe needs.
///
/// After `./mvnw package`, Java 25 runs each of them from its source, in the folder of the project:
///
/// ```
/// java -p engine/target/dist/lib:context/target/myrmidon-context-0.1.0.jar:manage/target/myrmidon-manage-0.1.0.jar \
///     examples/src/main/java/dev/myrmidon/examples/SubmitTasks.java
/// ```
@NullMarked
package dev.myrmidon.examples;

import org.jspecify.annotations.NullMarked;
