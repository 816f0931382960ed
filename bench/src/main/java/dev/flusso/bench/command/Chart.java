package dev.flusso.bench.command;

import dev.flusso.bench.Goal;
import dev.flusso.bench.Numbers;
import java.util.List;
import java.util.Locale;

/** The ratios of a run as bars, each with its spread and its goal, as one SVG picture. */
final class Chart {

    private static final int ROW = 34;
    private static final int LEFT = 430;
    private static final int WIDTH = 480;
    private static final int TOP = 46;

    private Chart() {}

    /** The figures that have a limit, in their order; the line at 1 is the limit. */
    static String svg(Report report) {
        var figures = report.figures().stream().filter(Figure::hasLimit).toList();
        int height = TOP + ROW * figures.size() + 20;
        var text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"13\">%n",
                LEFT + WIDTH + 90,
                height));
        text.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text.append("<text x=\"12\" y=\"22\" font-size=\"15\">ours as a share of the limit, bar: median, line: spread, "
                + "tick: goal (log scale)</text>\n");
        for (int i = 0; i < figures.size(); i++) {
            text.append(row(figures.get(i), TOP + i * ROW));
        }
        text.append(line(x(1), TOP - 8, x(1), height - 14, "#888", 1));
        text.append("</svg>\n");
        return text.toString();
    }

    private static String row(Figure figure, int y) {
        var spread = figure.spread();
        var first = figure.first();
        double ratio = figure.ratio();
        var colour = first.goal().kind() == Goal.Kind.NONE ? "#9bb7d4" : figure.isMet() ? "#5a9e6f" : "#c8763c";
        var text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                LEFT - 10,
                y + 15,
                escaped(first.figure())));
        text.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"20\" fill=\"%s\"/>%n",
                LEFT,
                y,
                Math.max(1, x(ratio) - LEFT),
                colour));
        text.append(line(x(spread[0]), y + 10, x(spread[1]), y + 10, "#222", 2));
        if (List.of(Goal.Kind.RATIO_AT_LEAST, Goal.Kind.RATIO_AT_MOST)
                .contains(first.goal().kind())) {
            double goal = x(first.goal().value());
            text.append(line(goal, y - 4, goal, y + 24, "#222", 2));
        }
        text.append(String.format(
                Locale.ROOT, "<text x=\"%d\" y=\"%d\">%s</text>%n", LEFT + WIDTH + 10, y + 15, Numbers.text(ratio)));
        return text.toString();
    }

    private static String line(double x1, double y1, double x2, double y2, String colour, int width) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                width);
    }

    /** From a hundredth to a hundred, on a logarithmic scale. */
    private static double x(double ratio) {
        double part = (Math.log10(Math.max(0.01, Math.min(100, ratio))) + 2) / 4;
        return LEFT + part * WIDTH;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
