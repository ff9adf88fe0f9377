package dev.jwkscache.sidecar.story;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * The demonstration as one picture that is drawn again in place. It has a screen of its own (the «alternate screen» of
 * xterm), so that what was on the terminal before comes back at the end.
 */
final class TerminalView implements View {
    private static final String ESC = "\u001b[";
    /** Own screen, no cursor, and lines that are too long are cut rather than wrapped. */
    private static final String TAKE = ESC + "?1049h" + ESC + "?25l" + ESC + "?7l" + ESC + "2J";

    private static final String GIVE_BACK = ESC + "0m" + ESC + "?7h" + ESC + "?25h" + ESC + "?1049l";
    /** Terminals that know it show a picture only when it is whole; the others ignore it. */
    private static final String BEGIN_PICTURE = ESC + "?2026h";

    private static final String END_PICTURE = ESC + "?2026l";

    private final PrintWriter out;
    private final Picture picture;
    private boolean open;

    TerminalView(PrintWriter out, boolean colours) {
        this.out = out;
        this.picture = new Picture(colours);
    }

    @Override
    public synchronized void open() {
        open = true;
        out.print(TAKE);
        draw(List.of("", " starting an identity provider, a cache, and " + Stage.CALLERS + " callers …"));
    }

    @Override
    public void chapter(Duration at, Chapter chapter, int number, int chapters) {}

    @Override
    public void event(Duration at, String text) {}

    @Override
    public synchronized void show(Scene scene) {
        if (open) {
            draw(picture.lines(scene));
        }
    }

    @Override
    public synchronized void close() {
        if (open) {
            open = false;
            out.print(GIVE_BACK);
            out.flush();
        }
    }

    /** Every line is set to its place and its rest erased: nothing is cleared first, so that nothing flickers. */
    private void draw(List<String> lines) {
        StringBuilder text = new StringBuilder(BEGIN_PICTURE);
        for (int i = 0; i < lines.size(); i++) {
            text.append(ESC)
                    .append(i + 1)
                    .append(";1H")
                    .append(lines.get(i))
                    .append(ESC)
                    .append('K');
        }
        text.append(ESC).append('J').append(END_PICTURE);
        out.print(text);
        out.flush();
    }
}
