"""The entry: build the page and serve it. Hugging Face Spaces runs this file.

Everything stands below the guard, because each child process imports this file once more.
"""

if __name__ == "__main__":
    from demo.serve import main

    main()
