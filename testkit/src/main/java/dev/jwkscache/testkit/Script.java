package dev.jwkscache.testkit;

import java.util.ArrayDeque;
import java.util.Deque;

/** What to do with the next requests: first the counted behaviours in order, then the standing one. */
final class Script {
    private final Deque<Scene> scenes = new ArrayDeque<>();
    private Behaviour standing;

    private static final class Scene {
        private final Behaviour behaviour;
        private int left;

        Scene(Behaviour behaviour, int times) {
            this.behaviour = behaviour;
            this.left = times;
        }
    }

    Script(Behaviour standing) {
        this.standing = standing;
    }

    synchronized void stand(Behaviour behaviour) {
        scenes.clear();
        standing = behaviour;
    }

    synchronized void add(Behaviour behaviour, int times) {
        scenes.add(new Scene(behaviour, times));
    }

    synchronized Behaviour peek() {
        Scene scene = scenes.peek();
        return scene == null ? standing : scene.behaviour;
    }

    synchronized Behaviour next() {
        Scene scene = scenes.peek();
        if (scene == null) {
            return standing;
        }
        scene.left--;
        if (scene.left == 0) {
            scenes.remove();
        }
        return scene.behaviour;
    }
}
