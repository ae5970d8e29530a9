package dev.myrmidon.internal;

/// A task given to `execute` that has a priority and nothing else a [SubmittedTask] would be needed for.
record LeveledTask(Runnable task, int priority) implements Runnable {
    @Override
    public void run() {
        task.run();
    }
}
